CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

CREATE TABLE scheme (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	version INTEGER NOT NULL, 
	json VARCHAR NOT NULL, numbers VARCHAR, region_numbers VARCHAR, 
	CONSTRAINT pk_scheme PRIMARY KEY (id)
);

CREATE TABLE project (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	created DATETIME NOT NULL, 
	scheme_id INTEGER NOT NULL, 
	CONSTRAINT pk_project PRIMARY KEY (id), 
	CONSTRAINT fk_project_scheme_id FOREIGN KEY(scheme_id) REFERENCES scheme (id)
);

CREATE TABLE videos (
	id INTEGER NOT NULL, 
	path VARCHAR NOT NULL, 
	sha256 VARCHAR NOT NULL, 
	frame_rate DOUBLE, 
	CONSTRAINT pk_videos PRIMARY KEY (id), 
	CONSTRAINT uq_videos_sha256 UNIQUE (sha256)
);

CREATE TABLE images (
	id INTEGER NOT NULL, 
	path VARCHAR NOT NULL, 
	sha256 VARCHAR NOT NULL, 
	width INTEGER NOT NULL, 
	height INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	video_id INTEGER, 
	frame INTEGER, excluded_why VARCHAR, excluded_by VARCHAR, excluded_at DATETIME, 
	CONSTRAINT pk_images PRIMARY KEY (id), 
	CONSTRAINT fk_images_video_id FOREIGN KEY(video_id) REFERENCES videos (id), 
	CONSTRAINT uq_images_sha256 UNIQUE (sha256), 
	CONSTRAINT uq_images_video_id_frame UNIQUE (video_id, frame), 
	CONSTRAINT ck_images_frame_of_video CHECK ((video_id IS NULL) = (frame IS NULL))
);

CREATE INDEX ix_images_position_id ON images (position, id);

CREATE TABLE landmarks (
	instance_id INTEGER NOT NULL, 
	landmark INTEGER NOT NULL, 
	x DOUBLE, 
	y DOUBLE, 
	visibility INTEGER NOT NULL, 
	provenance VARCHAR, 
	xx DOUBLE, 
	xy DOUBLE, 
	yy DOUBLE, 
	who VARCHAR NOT NULL, 
	CONSTRAINT pk_landmarks PRIMARY KEY (instance_id, landmark), 
	CONSTRAINT fk_landmarks_instance_id FOREIGN KEY(instance_id) REFERENCES instances (id), 
	CONSTRAINT ck_landmarks_whole_position CHECK ((x IS NULL) = (y IS NULL)), 
	CONSTRAINT ck_landmarks_visibility CHECK (visibility IN (0, 1, 2))
)
 WITHOUT ROWID;

CREATE TABLE journal (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	who VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	instance_id INTEGER, 
	landmark INTEGER, 
	from_x DOUBLE, 
	from_y DOUBLE, 
	to_x DOUBLE, 
	to_y DOUBLE, 
	proposed_x DOUBLE, 
	proposed_y DOUBLE, 
	duration DOUBLE, 
	title VARCHAR NOT NULL, 
	changes VARCHAR, 
	target INTEGER, image_id INTEGER CONSTRAINT fk_journal_image_id REFERENCES images (id), 
	CONSTRAINT pk_journal PRIMARY KEY (id), 
	CONSTRAINT fk_journal_instance_id FOREIGN KEY(instance_id) REFERENCES instances (id), 
	CONSTRAINT fk_journal_target FOREIGN KEY(target) REFERENCES journal (id)
);

CREATE INDEX ix_journal_who_id ON journal (who, id);

CREATE INDEX ix_journal_instance_id_id ON journal (instance_id, id);

CREATE TRIGGER journal_refuses_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TRIGGER journal_refuses_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TRIGGER journal_refuses_replace BEFORE INSERT ON journal WHEN NEW.id IN (SELECT id FROM journal) BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TABLE plans (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	who VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	landmarks VARCHAR NOT NULL, 
	ask_above DOUBLE, 
	clicks INTEGER, 
	seconds DOUBLE, 
	hard_stop BOOLEAN NOT NULL, 
	CONSTRAINT pk_plans PRIMARY KEY (id)
);

CREATE TABLE flags (
	instance_id INTEGER NOT NULL, 
	who VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	comment VARCHAR NOT NULL, 
	resolved_by VARCHAR, 
	CONSTRAINT pk_flags PRIMARY KEY (instance_id), 
	CONSTRAINT fk_flags_instance_id FOREIGN KEY(instance_id) REFERENCES instances (id)
);

CREATE TABLE reviews (
	instance_id INTEGER NOT NULL, 
	who VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	verdict VARCHAR NOT NULL, 
	comment VARCHAR NOT NULL, 
	CONSTRAINT pk_reviews PRIMARY KEY (instance_id), 
	CONSTRAINT fk_reviews_instance_id FOREIGN KEY(instance_id) REFERENCES instances (id), 
	CONSTRAINT ck_reviews_verdict CHECK (verdict IN ('accepted', 'sent back'))
);

CREATE TABLE "instances" (
	id INTEGER NOT NULL, 
	image_id INTEGER NOT NULL, 
	state VARCHAR NOT NULL, 
	centre_x DOUBLE, 
	centre_y DOUBLE, 
	width DOUBLE, 
	height DOUBLE, 
	angle DOUBLE, 
	source VARCHAR, 
	predicted_error DOUBLE, 
	second_opinion_on INTEGER, excluded_why VARCHAR, excluded_by VARCHAR, excluded_at DATETIME, track_id INTEGER CONSTRAINT fk_instances_track_id REFERENCES tracks (id), position INTEGER DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_instances PRIMARY KEY (id), 
	CONSTRAINT ck_instances_state CHECK (state IN ('untouched', 'started', 'accepted')), 
	CONSTRAINT uq_instances_image_id_source UNIQUE (image_id, source), 
	CONSTRAINT fk_instances_image_id FOREIGN KEY(image_id) REFERENCES images (id), 
	CONSTRAINT fk_instances_second_opinion_on FOREIGN KEY(second_opinion_on) REFERENCES instances (id), 
	CONSTRAINT uq_instances_second_opinion_on UNIQUE (second_opinion_on)
);

CREATE INDEX ix_instances_image_id_id ON instances (image_id, id);

CREATE TABLE group_rules (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	who VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	pattern VARCHAR, 
	names VARCHAR, 
	CONSTRAINT pk_group_rules PRIMARY KEY (id)
);

CREATE TABLE certificates (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	who VARCHAR NOT NULL, 
	scope VARCHAR NOT NULL, 
	seed INTEGER NOT NULL, 
	visible DOUBLE NOT NULL, 
	share DOUBLE NOT NULL, 
	confidence DOUBLE NOT NULL, 
	scheme_id INTEGER NOT NULL, 
	batch VARCHAR NOT NULL, 
	CONSTRAINT pk_certificates PRIMARY KEY (id)
);

CREATE TABLE certificate_checks (
	certificate_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	instance_id INTEGER NOT NULL, 
	drawn VARCHAR NOT NULL, 
	points BLOB NOT NULL, 
	who VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	change DOUBLE, 
	checked VARCHAR, 
	CONSTRAINT pk_certificate_checks PRIMARY KEY (certificate_id, number), 
	CONSTRAINT fk_certificate_checks_certificate_id FOREIGN KEY(certificate_id) REFERENCES certificates (id)
);

CREATE TABLE tracks (
	id INTEGER NOT NULL, 
	video_id INTEGER NOT NULL, 
	name VARCHAR, 
	CONSTRAINT pk_tracks PRIMARY KEY (id), 
	CONSTRAINT fk_tracks_video_id FOREIGN KEY(video_id) REFERENCES videos (id)
);

CREATE INDEX ix_instances_track_id ON instances (track_id);

CREATE TABLE proposals (
	id INTEGER NOT NULL, 
	instance_id INTEGER NOT NULL, 
	points BLOB NOT NULL, 
	covariances BLOB NOT NULL, 
	predicted_error DOUBLE, 
	model VARCHAR, 
	at DATETIME NOT NULL, 
	imported_from VARCHAR, 
	scheme_id INTEGER, 
	maker VARCHAR, 
	made VARCHAR, 
	own BOOLEAN NOT NULL, 
	who VARCHAR, 
	aside BOOLEAN NOT NULL, 
	CONSTRAINT pk_proposals PRIMARY KEY (id), 
	CONSTRAINT fk_proposals_instance_id FOREIGN KEY(instance_id) REFERENCES instances (id), 
	CONSTRAINT ck_proposals_one_origin CHECK ((model IS NULL) <> (imported_from IS NULL))
);

CREATE INDEX ix_proposals_instance_id_id ON proposals (instance_id, id);

CREATE TABLE pixel_sizes (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	who VARCHAR NOT NULL, 
	image_id INTEGER, 
	mm_per_pixel DOUBLE, 
	CONSTRAINT pk_pixel_sizes PRIMARY KEY (id)
);

CREATE TABLE people (
	name VARCHAR NOT NULL, 
	role VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	added_by VARCHAR NOT NULL, 
	CONSTRAINT pk_people PRIMARY KEY (name), 
	CONSTRAINT ck_people_role CHECK (role IN ('annotator', 'reviewer', 'lead'))
);

CREATE TABLE assignments (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	who VARCHAR NOT NULL, 
	lease_seconds DOUBLE NOT NULL, 
	twice DOUBLE NOT NULL, 
	seed INTEGER NOT NULL, 
	CONSTRAINT pk_assignments PRIMARY KEY (id)
);

CREATE TABLE leases (
	image_id INTEGER NOT NULL, 
	who VARCHAR NOT NULL, 
	since DATETIME NOT NULL, 
	until DATETIME NOT NULL, 
	CONSTRAINT pk_leases PRIMARY KEY (image_id), 
	CONSTRAINT fk_leases_image_id FOREIGN KEY(image_id) REFERENCES images (id)
);

CREATE TABLE alternatives (
	id INTEGER NOT NULL, 
	instance_id INTEGER NOT NULL, 
	who VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	title VARCHAR NOT NULL, 
	content VARCHAR NOT NULL, 
	settled_by VARCHAR, 
	settled_at DATETIME, 
	chosen BOOLEAN, 
	CONSTRAINT pk_alternatives PRIMARY KEY (id), 
	CONSTRAINT fk_alternatives_instance_id FOREIGN KEY(instance_id) REFERENCES instances (id)
);

CREATE INDEX ix_alternatives_instance_id_id ON alternatives (instance_id, id);

CREATE INDEX ix_instances_listed ON instances (position, image_id, id, state, excluded_why);

CREATE INDEX ix_instances_waiting ON instances (position, image_id, id, width, predicted_error) WHERE state <> 'accepted' AND excluded_why IS NULL;

CREATE INDEX ix_instances_unsure ON instances (predicted_error, position, image_id, id) WHERE predicted_error IS NOT NULL AND state <> 'accepted' AND excluded_why IS NULL;

CREATE INDEX ix_images_excluded ON images (id) WHERE excluded_why IS NOT NULL;

CREATE TABLE masks (
	instance_id INTEGER NOT NULL, 
	region INTEGER NOT NULL, 
	runs BLOB NOT NULL, 
	provenance VARCHAR NOT NULL, 
	who VARCHAR NOT NULL, 
	CONSTRAINT pk_masks PRIMARY KEY (instance_id, region), 
	CONSTRAINT fk_masks_instance_id FOREIGN KEY(instance_id) REFERENCES instances (id)
);

CREATE TABLE mask_proposals (
	instance_id INTEGER NOT NULL, 
	region INTEGER NOT NULL, 
	runs BLOB NOT NULL, 
	model VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_mask_proposals PRIMARY KEY (instance_id, region), 
	CONSTRAINT fk_mask_proposals_instance_id FOREIGN KEY(instance_id) REFERENCES instances (id)
);

INSERT INTO alembic_version VALUES ('0015');

