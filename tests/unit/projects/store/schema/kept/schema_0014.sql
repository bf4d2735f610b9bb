BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0014');
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
CREATE TABLE assignments (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	who VARCHAR NOT NULL, 
	lease_seconds DOUBLE NOT NULL, 
	twice DOUBLE NOT NULL, 
	seed INTEGER NOT NULL, 
	CONSTRAINT pk_assignments PRIMARY KEY (id)
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
CREATE TABLE flags (
	instance_id INTEGER NOT NULL, 
	who VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	comment VARCHAR NOT NULL, 
	resolved_by VARCHAR, 
	CONSTRAINT pk_flags PRIMARY KEY (instance_id), 
	CONSTRAINT fk_flags_instance_id FOREIGN KEY(instance_id) REFERENCES instances (id)
);
INSERT INTO "flags" VALUES(1,'bob','2026-11-21 23:42:02.717687','where is the tail?','ada');
INSERT INTO "flags" VALUES(5,'ada','2026-11-21 23:42:02.748828','blurred','ada');
CREATE TABLE group_rules (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	who VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	pattern VARCHAR, 
	names VARCHAR, 
	CONSTRAINT pk_group_rules PRIMARY KEY (id)
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
INSERT INTO "images" VALUES(1,'images/kite0.png','5378c3070ac3f0b30b465cea1976d1fdafd740e4c7e2df44daef75022abcb51b',100,80,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "images" VALUES(2,'images/kite1.png','83c0c444c306c72698c7089b4fc42fcc399df64fe58abb95dd3b679c64d5ff70',100,80,1,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "images" VALUES(3,'images/kite2.png','aa37caf2d9d81c1a33acfe25fe86074c1ee815e78c297098afbc2e975cba7b6e',100,80,2,NULL,NULL,'blurred','bob','2026-11-21 23:42:02.994323');
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
	CONSTRAINT fk_instances_image_id FOREIGN KEY(image_id) REFERENCES images (id), 
	CONSTRAINT ck_instances_state CHECK (state IN ('untouched', 'started', 'accepted')), 
	CONSTRAINT uq_instances_image_id_source UNIQUE (image_id, source), 
	CONSTRAINT fk_instances_second_opinion_on FOREIGN KEY(second_opinion_on) REFERENCES instances (id), 
	CONSTRAINT uq_instances_second_opinion_on UNIQUE (second_opinion_on)
);
INSERT INTO "instances" VALUES(1,1,'accepted',5.58134745302638677353e+01,4.14844237555271391207e+01,75.0,75.0,0.25,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "instances" VALUES(2,2,'started',50.0,40.0,60.0,60.0,0.25,'kites.json#7',3.25,NULL,NULL,NULL,NULL,NULL,1);
INSERT INTO "instances" VALUES(3,2,'accepted',7.90673726513193457759e+01,4.74221187776356885041e+01,60.0,60.0,0.25,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1);
INSERT INTO "instances" VALUES(4,3,'started',NULL,NULL,NULL,NULL,NULL,'kites.pts#0',NULL,NULL,NULL,NULL,NULL,NULL,2);
INSERT INTO "instances" VALUES(5,1,'untouched',50.0,40.0,60.0,60.0,0.25,NULL,3.25,1,'blurred','bob','2026-11-21 23:42:02.994323',NULL,0);
INSERT INTO "instances" VALUES(6,3,'untouched',50.0,40.0,60.0,60.0,0.25,NULL,NULL,NULL,NULL,NULL,NULL,NULL,2);
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
INSERT INTO "journal" VALUES(1,'2026-11-21 23:42:02.118912','ada','click',1,0,NULL,NULL,50.0,10.5,50.0,40.0,1.5,'move of top','{"accepted":[false,false],"landmarks":{"0":[null,{"visibility":2,"who":"ada","x":50.0,"y":10.5,"provenance":"clicked"}]}}',NULL,NULL);
INSERT INTO "journal" VALUES(2,'2026-11-21 23:42:02.140749','ada','click',1,1,NULL,NULL,80.0,40.0,50.0,40.0,1.5,'move of right','{"accepted":[false,false],"landmarks":{"1":[null,{"visibility":2,"who":"ada","x":80.0,"y":40.0,"provenance":"clicked"}]}}',NULL,NULL);
INSERT INTO "journal" VALUES(3,'2026-11-21 23:42:02.162148','ada','click',1,3,NULL,NULL,20.0,40.0,50.0,40.0,1.5,'move of left','{"accepted":[false,false],"landmarks":{"3":[null,{"visibility":2,"who":"ada","x":20.0,"y":40.0,"provenance":"clicked"}]}}',NULL,NULL);
INSERT INTO "journal" VALUES(4,'2026-11-21 23:42:02.176958','ada','confirm',1,2,NULL,NULL,50.0,70.0,NULL,NULL,0.5,'confirmation of bottom','{"accepted":[false,false],"landmarks":{"2":[null,{"visibility":2,"who":"ada","x":50.0,"y":70.0,"provenance":"confirmed"}]}}',NULL,NULL);
INSERT INTO "journal" VALUES(5,'2026-11-21 23:42:02.198159','ada','visibility',1,4,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'visibility of tail','{"accepted":[false,false],"landmarks":{"4":[null,{"visibility":0,"who":"ada","provenance":"clicked"}]}}',NULL,NULL);
INSERT INTO "journal" VALUES(6,'2026-11-21 23:42:02.225724','ada','box',1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'change of the box','{"accepted":[false,false],"landmarks":{},"box":[{"centre_x":50.0,"centre_y":40.0,"width":60.0,"height":60.0,"angle":0.25},{"centre_x":55.81347453026387,"centre_y":41.48442375552714,"width":75.0,"height":75.0,"angle":0.25}]}',NULL,NULL);
INSERT INTO "journal" VALUES(7,'2026-11-21 23:42:02.284065','ada','accept',1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,2.0,'acceptance of the shape','{"accepted":[false,true],"landmarks":{}}',NULL,NULL);
INSERT INTO "journal" VALUES(8,'2026-11-21 23:42:02.344522','bob','click',2,0,NULL,NULL,51.0,11.5,NULL,NULL,NULL,'move of top','{"accepted":[false,false],"landmarks":{"0":[null,{"visibility":2,"who":"bob","x":51.0,"y":11.5,"provenance":"clicked"}]}}',NULL,NULL);
INSERT INTO "journal" VALUES(9,'2026-11-21 23:42:02.360546','bob','visibility',2,4,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'visibility of tail','{"accepted":[false,false],"landmarks":{"4":[null,{"visibility":1,"who":"bob"}]}}',NULL,NULL);
INSERT INTO "journal" VALUES(10,'2026-11-21 23:42:02.396200','bob','accept',2,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'acceptance of the shape','{"accepted":[false,true],"landmarks":{"0":[{"visibility":2,"who":"bob","x":51.0,"y":11.5,"provenance":"clicked"},{"visibility":2,"who":"bob","x":50.0,"y":10.5,"provenance":"clicked","xx":4.0,"xy":1.0,"yy":2.25}],"1":[null,{"visibility":2,"who":"bob","x":80.0,"y":40.0,"provenance":"inferred","xx":4.0,"xy":1.0,"yy":2.25}],"2":[null,{"visibility":2,"who":"bob","x":50.0,"y":70.0,"provenance":"inferred","xx":4.0,"xy":1.0,"yy":2.25}],"3":[null,{"visibility":2,"who":"bob","x":20.0,"y":40.0,"provenance":"inferred","xx":4.0,"xy":1.0,"yy":2.25}],"4":[{"visibility":1,"who":"bob"},{"visibility":2,"who":"bob","x":50.0,"y":79.0,"provenance":"inferred","xx":4.0,"xy":1.0,"yy":2.25}]}}',NULL,NULL);
INSERT INTO "journal" VALUES(11,'2026-11-21 23:42:02.414201','bob','click',2,3,20.0,40.0,18.0,38.0,NULL,NULL,NULL,'move of left','{"accepted":[true,true],"landmarks":{"3":[{"visibility":2,"who":"bob","x":20.0,"y":40.0,"provenance":"inferred","xx":4.0,"xy":1.0,"yy":2.25},{"visibility":2,"who":"bob","x":18.0,"y":38.0,"provenance":"clicked"}]}}',NULL,NULL);
INSERT INTO "journal" VALUES(12,'2026-11-21 23:42:02.443964','bob','review',2,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'sending back','{"accepted":[true,false],"landmarks":{"1":[{"visibility":2,"who":"bob","x":80.0,"y":40.0,"provenance":"inferred","xx":4.0,"xy":1.0,"yy":2.25},null],"2":[{"visibility":2,"who":"bob","x":50.0,"y":70.0,"provenance":"inferred","xx":4.0,"xy":1.0,"yy":2.25},null],"4":[{"visibility":2,"who":"bob","x":50.0,"y":79.0,"provenance":"inferred","xx":4.0,"xy":1.0,"yy":2.25},null]},"review":[null,{"verdict":"sent back","comment":"the left is off","who":"bob","at":"2026-11-21T23:42:02.427343+00:00"}]}',NULL,NULL);
INSERT INTO "journal" VALUES(13,'2026-11-21 23:42:02.466577','bob','clear',2,3,18.0,38.0,NULL,NULL,NULL,NULL,NULL,'clearing of left','{"accepted":[false,false],"landmarks":{"3":[{"visibility":2,"who":"bob","x":18.0,"y":38.0,"provenance":"clicked"},null]},"review":[{"verdict":"sent back","comment":"the left is off","who":"bob","at":"2026-11-21T23:42:02.427343+00:00"},{"verdict":"sent back","comment":"the left is off","who":"bob","at":"2026-11-21T23:42:02.427343+00:00"}]}',NULL,NULL);
INSERT INTO "journal" VALUES(14,'2026-11-21 23:42:02.473529','ada','import',3,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'import of a shape','{"digest": "43d5481af90df33f"}',NULL,NULL);
INSERT INTO "journal" VALUES(15,'2026-11-21 23:42:02.496985','ada','import',4,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'import of kites.pts#0','{"digest": "4f2aca9691960c02"}',NULL,NULL);
INSERT INTO "journal" VALUES(16,'2026-11-21 23:42:02.548207','bob','accept',5,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'acceptance of the shape','{"accepted":[false,true],"landmarks":{"0":[null,{"visibility":2,"who":"bob","x":50.5,"y":11.0,"provenance":"inferred"}],"1":[null,{"visibility":2,"who":"bob","x":80.5,"y":40.5,"provenance":"inferred"}],"2":[null,{"visibility":2,"who":"bob","x":50.5,"y":70.5,"provenance":"inferred"}],"3":[null,{"visibility":2,"who":"bob","x":20.5,"y":40.5,"provenance":"inferred"}],"4":[null,{"visibility":2,"who":"bob","x":50.5,"y":79.5,"provenance":"inferred"}]}}',NULL,NULL);
INSERT INTO "journal" VALUES(17,'2026-11-21 23:42:02.625884','bob','reshape',3,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'swap of left and right','{"accepted":[true,true],"landmarks":{"0":[{"visibility":2,"who":"ada","x":80.0,"y":40.5,"provenance":"imported"},{"visibility":2,"who":"bob","x":50.0,"y":10.5,"provenance":"clicked"}],"1":[{"visibility":2,"who":"ada","x":110.0,"y":70.0,"provenance":"imported"},{"visibility":2,"who":"bob","x":20.0,"y":40.0,"provenance":"clicked"}],"2":[{"visibility":2,"who":"ada","x":80.0,"y":100.0,"provenance":"imported"},{"visibility":2,"who":"bob","x":50.0,"y":70.0,"provenance":"clicked"}],"3":[{"visibility":2,"who":"ada","x":50.0,"y":70.0,"provenance":"imported"},{"visibility":2,"who":"bob","x":80.0,"y":40.0,"provenance":"clicked"}],"4":[{"visibility":2,"who":"ada","x":80.0,"y":109.0,"provenance":"imported"},{"visibility":2,"who":"bob","x":50.0,"y":79.0,"provenance":"clicked"}]}}',NULL,NULL);
INSERT INTO "journal" VALUES(18,'2026-11-21 23:42:02.707336','ada','fill',2,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'filling of 1 shape','{"accepted":[false,false],"landmarks":{"1":[null,{"visibility":2,"who":"ada","x":80.0,"y":40.0,"provenance":"filled","xx":4.0,"xy":1.0,"yy":2.25}],"2":[null,{"visibility":2,"who":"ada","x":50.0,"y":70.0,"provenance":"filled","xx":4.0,"xy":1.0,"yy":2.25}],"3":[null,{"visibility":2,"who":"ada","x":20.0,"y":40.0,"provenance":"filled","xx":4.0,"xy":1.0,"yy":2.25}],"4":[null,{"visibility":2,"who":"ada","x":50.0,"y":79.0,"provenance":"filled","xx":4.0,"xy":1.0,"yy":2.25}]},"review":[{"verdict":"sent back","comment":"the left is off","who":"bob","at":"2026-11-21T23:42:02.427343+00:00"},{"verdict":"sent back","comment":"the left is off","who":"bob","at":"2026-11-21T23:42:02.427343+00:00"}]}',NULL,NULL);
INSERT INTO "journal" VALUES(19,'2026-11-21 23:42:02.728553','bob','flag',1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'flag','{"accepted":[true,true],"landmarks":{},"flag":[null,{"comment":"where is the tail?","who":"bob","at":"2026-11-21T23:42:02.717687+00:00","resolved_by":null}]}',NULL,NULL);
INSERT INTO "journal" VALUES(20,'2026-11-21 23:42:02.743847','ada','resolve',1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'resolution of the flag','{"accepted":[true,true],"landmarks":{},"flag":[{"comment":"where is the tail?","who":"bob","at":"2026-11-21T23:42:02.717687+00:00","resolved_by":null},{"comment":"where is the tail?","who":"bob","at":"2026-11-21T23:42:02.717687+00:00","resolved_by":"ada"}]}',NULL,NULL);
INSERT INTO "journal" VALUES(21,'2026-11-21 23:42:02.760204','ada','flag',5,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'flag','{"accepted":[true,true],"landmarks":{},"flag":[null,{"comment":"blurred","who":"ada","at":"2026-11-21T23:42:02.748828+00:00","resolved_by":null}]}',NULL,NULL);
INSERT INTO "journal" VALUES(22,'2026-11-21 23:42:02.764390','ada','review',3,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'acceptance in review','{"accepted":[true,true],"landmarks":{},"review":[null,{"verdict":"accepted","comment":"","who":"ada","at":"2026-11-21T23:42:02.761943+00:00"}]}',NULL,NULL);
INSERT INTO "journal" VALUES(23,'2026-11-21 23:42:02.843769','ada','review',5,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'sending back','{"accepted":[true,false],"landmarks":{"0":[{"visibility":2,"who":"bob","x":50.5,"y":11.0,"provenance":"inferred"},null],"1":[{"visibility":2,"who":"bob","x":80.5,"y":40.5,"provenance":"inferred"},null],"2":[{"visibility":2,"who":"bob","x":50.5,"y":70.5,"provenance":"inferred"},null],"3":[{"visibility":2,"who":"bob","x":20.5,"y":40.5,"provenance":"inferred"},null],"4":[{"visibility":2,"who":"bob","x":50.5,"y":79.5,"provenance":"inferred"},null]},"review":[null,{"verdict":"sent back","comment":"look at the tail","who":"ada","at":"2026-11-21T23:42:02.823409+00:00"}],"flag":[{"comment":"blurred","who":"ada","at":"2026-11-21T23:42:02.748828+00:00","resolved_by":null},{"comment":"blurred","who":"ada","at":"2026-11-21T23:42:02.748828+00:00","resolved_by":"ada"}]}',NULL,NULL);
INSERT INTO "journal" VALUES(24,'2026-11-21 23:42:02.887017','bob','review',1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'acceptance in review','{"accepted":[true,true],"landmarks":{},"review":[null,{"verdict":"accepted","comment":"fine","who":"bob","at":"2026-11-21T23:42:02.863450+00:00"}]}',NULL,NULL);
INSERT INTO "journal" VALUES(25,'2026-11-21 23:42:02.972285','bob','undo',1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'undo of acceptance in review',NULL,24,NULL);
INSERT INTO "journal" VALUES(26,'2026-11-21 23:42:02.994323','bob','exclude',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'exclusion of 1 image and 2 objects','{"excluded":[null,{"why":"blurred","who":"bob","at":"2026-11-21T23:42:02.994323+00:00"}]}',NULL,3);
INSERT INTO "journal" VALUES(27,'2026-11-21 23:42:02.994323','bob','exclude',3,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'exclusion of 1 image and 2 objects','{"accepted":[true,true],"landmarks":{},"review":[{"verdict":"accepted","comment":"","who":"ada","at":"2026-11-21T23:42:02.761943+00:00"},{"verdict":"accepted","comment":"","who":"ada","at":"2026-11-21T23:42:02.761943+00:00"}],"excluded":[null,{"why":"blurred","who":"bob","at":"2026-11-21T23:42:02.994323+00:00"}]}',NULL,NULL);
INSERT INTO "journal" VALUES(28,'2026-11-21 23:42:02.994323','bob','exclude',5,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'exclusion of 1 image and 2 objects','{"accepted":[false,false],"landmarks":{},"review":[{"verdict":"sent back","comment":"look at the tail","who":"ada","at":"2026-11-21T23:42:02.823409+00:00"},{"verdict":"sent back","comment":"look at the tail","who":"ada","at":"2026-11-21T23:42:02.823409+00:00"}],"excluded":[null,{"why":"blurred","who":"bob","at":"2026-11-21T23:42:02.994323+00:00"}]}',NULL,NULL);
INSERT INTO "journal" VALUES(29,'2026-11-21 23:42:03.087525','ada','restore',3,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'restoration of 1 object','{"accepted":[true,true],"landmarks":{},"review":[{"verdict":"accepted","comment":"","who":"ada","at":"2026-11-21T23:42:02.761943+00:00"},{"verdict":"accepted","comment":"","who":"ada","at":"2026-11-21T23:42:02.761943+00:00"}],"excluded":[{"why":"blurred","who":"bob","at":"2026-11-21T23:42:02.994323+00:00"},null]}',NULL,NULL);
INSERT INTO "journal" VALUES(30,'2026-11-21 23:42:03.202191','ada','track',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'new track red','{"tracks":{"1":[null,"red"]},"instances":{}}',NULL,NULL);
INSERT INTO "journal" VALUES(31,'2026-11-21 23:42:03.241126','bob','track',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'new track blue','{"tracks":{"2":[null,"blue"]},"instances":{}}',NULL,NULL);
INSERT INTO "journal" VALUES(32,'2026-11-21 23:42:03.262030','bob','track',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'renaming of red to crimson','{"tracks":{"1":["red","crimson"]},"instances":{}}',NULL,NULL);
INSERT INTO "journal" VALUES(33,'2026-11-21 23:42:03.295879','ada','track',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'deletion of track blue','{"tracks":{"2":["blue",null]},"instances":{}}',NULL,NULL);
INSERT INTO "journal" VALUES(34,'2026-11-21 23:42:03.333875','ada','click',6,0,NULL,NULL,50.25,10.75,NULL,NULL,NULL,'move of top','{"accepted":[false,false],"landmarks":{"0":[null,{"visibility":2,"who":"ada","x":50.25,"y":10.75,"provenance":"clicked"}]}}',NULL,NULL);
INSERT INTO "journal" VALUES(35,'2026-11-21 23:42:03.360631','ada','undo',6,0,50.25,10.75,NULL,NULL,NULL,NULL,NULL,'undo of move of top',NULL,34,NULL);
INSERT INTO "journal" VALUES(36,'2026-11-21 23:42:03.389635','ada','redo',6,0,NULL,NULL,50.25,10.75,NULL,NULL,NULL,'redo of move of top',NULL,34,NULL);
INSERT INTO "journal" VALUES(37,'2026-11-21 23:42:03.415322','ada','undo',6,0,50.25,10.75,NULL,NULL,NULL,NULL,NULL,'undo of move of top',NULL,34,NULL);
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
 WITHOUT ROWID

;
INSERT INTO "landmarks" VALUES(1,0,50.0,10.5,2,'clicked',NULL,NULL,NULL,'ada');
INSERT INTO "landmarks" VALUES(1,1,80.0,40.0,2,'clicked',NULL,NULL,NULL,'ada');
INSERT INTO "landmarks" VALUES(1,2,50.0,70.0,2,'confirmed',NULL,NULL,NULL,'ada');
INSERT INTO "landmarks" VALUES(1,3,20.0,40.0,2,'clicked',NULL,NULL,NULL,'ada');
INSERT INTO "landmarks" VALUES(1,4,NULL,NULL,0,'clicked',NULL,NULL,NULL,'ada');
INSERT INTO "landmarks" VALUES(2,0,50.0,10.5,2,'clicked',4.0,1.0,2.25,'bob');
INSERT INTO "landmarks" VALUES(2,1,80.0,40.0,2,'filled',4.0,1.0,2.25,'ada');
INSERT INTO "landmarks" VALUES(2,2,50.0,70.0,2,'filled',4.0,1.0,2.25,'ada');
INSERT INTO "landmarks" VALUES(2,3,20.0,40.0,2,'filled',4.0,1.0,2.25,'ada');
INSERT INTO "landmarks" VALUES(2,4,50.0,79.0,2,'filled',4.0,1.0,2.25,'ada');
INSERT INTO "landmarks" VALUES(3,0,50.0,10.5,2,'clicked',NULL,NULL,NULL,'bob');
INSERT INTO "landmarks" VALUES(3,1,20.0,40.0,2,'clicked',NULL,NULL,NULL,'bob');
INSERT INTO "landmarks" VALUES(3,2,50.0,70.0,2,'clicked',NULL,NULL,NULL,'bob');
INSERT INTO "landmarks" VALUES(3,3,80.0,40.0,2,'clicked',NULL,NULL,NULL,'bob');
INSERT INTO "landmarks" VALUES(3,4,50.0,79.0,2,'clicked',NULL,NULL,NULL,'bob');
INSERT INTO "landmarks" VALUES(4,0,50.0,10.5,2,'imported',NULL,NULL,NULL,'ada');
INSERT INTO "landmarks" VALUES(4,1,80.0,40.0,2,'imported',NULL,NULL,NULL,'ada');
CREATE TABLE leases (
	image_id INTEGER NOT NULL, 
	who VARCHAR NOT NULL, 
	since DATETIME NOT NULL, 
	until DATETIME NOT NULL, 
	CONSTRAINT pk_leases PRIMARY KEY (image_id), 
	CONSTRAINT fk_leases_image_id FOREIGN KEY(image_id) REFERENCES images (id)
);
CREATE TABLE people (
	name VARCHAR NOT NULL, 
	role VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	added_by VARCHAR NOT NULL, 
	CONSTRAINT pk_people PRIMARY KEY (name), 
	CONSTRAINT ck_people_role CHECK (role IN ('annotator', 'reviewer', 'lead'))
);
CREATE TABLE pixel_sizes (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	who VARCHAR NOT NULL, 
	image_id INTEGER, 
	mm_per_pixel DOUBLE, 
	CONSTRAINT pk_pixel_sizes PRIMARY KEY (id)
);
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
INSERT INTO "plans" VALUES(1,'2026-11-21 23:42:02.602540','ada','k2','[0, 4]',NULL,40,NULL,0);
CREATE TABLE project (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	created DATETIME NOT NULL, 
	scheme_id INTEGER NOT NULL, 
	CONSTRAINT pk_project PRIMARY KEY (id), 
	CONSTRAINT fk_project_scheme_id FOREIGN KEY(scheme_id) REFERENCES scheme (id)
);
INSERT INTO "project" VALUES(1,'kept','2026-11-21 23:42:01.149502',1);
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
INSERT INTO "proposals" VALUES(1,2,X'0000000000004940000000000000254000000000000054400000000000004440000000000000494000000000008051400000000000003440000000000000444000000000000049400000000000C05340',X'0000000000001040000000000000F03F000000000000F03F00000000000002400000000000001040000000000000F03F000000000000F03F00000000000002400000000000001040000000000000F03F000000000000F03F00000000000002400000000000001040000000000000F03F000000000000F03F00000000000002400000000000001040000000000000F03F000000000000F03F0000000000000240',3.25,'exemplar','2026-11-21 23:42:02.559345',NULL,1,NULL,NULL,1,NULL,0);
INSERT INTO "proposals" VALUES(2,5,X'0000000000004940000000000000254000000000000054400000000000004440000000000000494000000000008051400000000000003440000000000000444000000000000049400000000000C05340',X'0000000000001040000000000000F03F000000000000F03F00000000000002400000000000001040000000000000F03F000000000000F03F00000000000002400000000000001040000000000000F03F000000000000F03F00000000000002400000000000001040000000000000F03F000000000000F03F00000000000002400000000000001040000000000000F03F000000000000F03F0000000000000240',3.25,NULL,'2026-11-21 23:42:02.587407','kites.results.json',1,NULL,NULL,0,NULL,0);
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
INSERT INTO "reviews" VALUES(2,'bob','2026-11-21 23:42:02.427343','sent back','the left is off');
INSERT INTO "reviews" VALUES(3,'ada','2026-11-21 23:42:02.761943','accepted','');
INSERT INTO "reviews" VALUES(5,'ada','2026-11-21 23:42:02.823409','sent back','look at the tail');
CREATE TABLE scheme (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	version INTEGER NOT NULL, 
	json VARCHAR NOT NULL, numbers VARCHAR, 
	CONSTRAINT pk_scheme PRIMARY KEY (id)
);
INSERT INTO "scheme" VALUES(1,'kite',1,'{"name": "kite", "title": "", "version": 1, "landmarks": ["top", "right", "bottom", "left", "tail"], "edges": [], "partners": [["right", "left"]]}',NULL);
CREATE TABLE tracks (
	id INTEGER NOT NULL, 
	video_id INTEGER NOT NULL, 
	name VARCHAR, 
	CONSTRAINT pk_tracks PRIMARY KEY (id), 
	CONSTRAINT fk_tracks_video_id FOREIGN KEY(video_id) REFERENCES videos (id)
);
INSERT INTO "tracks" VALUES(1,1,'crimson');
INSERT INTO "tracks" VALUES(2,1,NULL);
CREATE TABLE videos (
	id INTEGER NOT NULL, 
	path VARCHAR NOT NULL, 
	sha256 VARCHAR NOT NULL, 
	frame_rate DOUBLE, 
	CONSTRAINT pk_videos PRIMARY KEY (id), 
	CONSTRAINT uq_videos_sha256 UNIQUE (sha256)
);
INSERT INTO "videos" VALUES(1,'kites.mp4','hash of kites.mp4',25.0);
CREATE INDEX ix_images_position_id ON images (position, id);
CREATE INDEX ix_journal_who_id ON journal (who, id);
CREATE INDEX ix_journal_instance_id_id ON journal (instance_id, id);
CREATE TRIGGER journal_refuses_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_refuses_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_refuses_replace BEFORE INSERT ON journal WHEN NEW.id IN (SELECT id FROM journal) BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE INDEX ix_instances_image_id_id ON instances (image_id, id);
CREATE INDEX ix_instances_track_id ON instances (track_id);
CREATE INDEX ix_proposals_instance_id_id ON proposals (instance_id, id);
CREATE INDEX ix_alternatives_instance_id_id ON alternatives (instance_id, id);
CREATE INDEX ix_instances_listed ON instances (position, image_id, id, state, excluded_why);
CREATE INDEX ix_instances_waiting ON instances (position, image_id, id, width, predicted_error) WHERE state <> 'accepted' AND excluded_why IS NULL;
CREATE INDEX ix_instances_unsure ON instances (predicted_error, position, image_id, id) WHERE predicted_error IS NOT NULL AND state <> 'accepted' AND excluded_why IS NULL;
CREATE INDEX ix_images_excluded ON images (id) WHERE excluded_why IS NOT NULL;
COMMIT;
