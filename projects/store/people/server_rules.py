"""What a PostgreSQL server itself refuses, as its own functions and triggers: plain SQL with
somebody's login can do no more than the program does for that person.

A login is a person's name in the list of people. The rules run with the rights of whoever made
the project, and know who asks by `session_user`, which no statement changes.
"""
# ruff: noqa: S608 - what is put together here are values of enumerations

from landmark_annotator.projects.store.people.rights import OF_LEADS
from landmark_annotator.projects.store.rows.records import BY_ITSELF
from landmark_annotator.projects.vocabulary.provenance import EVIDENCE, PLACED

_BY_HAND = ", ".join(f"'{mark.value}'" for mark in sorted(EVIDENCE))
_BY_LEADS = ", ".join(f"'{kind.value}'" for kind in OF_LEADS)
_GIVEN = ", ".join(f"'{mark.value}'" for mark in sorted(PLACED))
_SAFE = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp"
_LOOK = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {schema}, pg_temp"

NUMBER = 8
"""One more with every change of what is in this file: servers keep that of what they have."""

FUNCTIONS = (
    # Whose an accepted shape is: kept by the triggers, for the journal may be asked for years.
    "CREATE TABLE IF NOT EXISTS acceptances (instance_id integer PRIMARY KEY REFERENCES "
    "instances (id) ON DELETE CASCADE, who varchar NOT NULL)",
    f"CREATE OR REPLACE FUNCTION my_role() RETURNS varchar {_LOOK} AS "
    "$$ SELECT role FROM people WHERE name = session_user $$",
    f"CREATE OR REPLACE FUNCTION labeller(instance integer) RETURNS varchar {_LOOK} AS "
    "$$ SELECT a.who FROM acceptances a JOIN instances i ON i.id = a.instance_id "
    "WHERE a.instance_id = instance AND i.state = 'accepted' $$",
    # Two label one object: neither sees what the other one made before both have accepted. A view,
    # so that the server looks at one pair where one is asked for, and at all at once for many.
    "CREATE OR REPLACE VIEW hidden_from_me AS "
    "WITH sides AS NOT MATERIALIZED ("
    "  SELECT id, second_opinion_on AS other FROM instances WHERE second_opinion_on IS NOT NULL "
    "  UNION ALL "
    "  SELECT second_opinion_on, id FROM instances WHERE second_opinion_on IS NOT NULL) "
    "SELECT s.id FROM sides s JOIN instances i ON i.id = s.id JOIN instances j ON j.id = s.other "
    "WHERE (SELECT my_role()) = 'annotator' "
    "AND NOT (i.state = 'accepted' AND j.state = 'accepted') "
    "AND EXISTS (SELECT 1 FROM landmarks l WHERE l.instance_id = s.id AND l.who <> session_user "
    "  UNION ALL SELECT 1 FROM masks m WHERE m.instance_id = s.id AND m.who <> session_user) "
    "AND NOT EXISTS "
    "(SELECT 1 FROM landmarks l WHERE l.instance_id = s.id AND l.who = session_user "
    "  UNION ALL SELECT 1 FROM masks m WHERE m.instance_id = s.id AND m.who = session_user)",
    # What the project has cost: a budget counts blind work too, and this says of nothing where.
    "CREATE OR REPLACE FUNCTION worked(after integer) RETURNS TABLE (who varchar, kind varchar, "
    f"actions bigint, durations text, last integer) {_LOOK} AS $$ "
    "SELECT j.who, j.kind, count(*), string_agg(j.duration::varchar, ','), max(j.id) "
    "FROM journal j WHERE j.id > after AND (my_role() IS NOT NULL "
    "  OR pg_has_role(session_user, current_user, 'MEMBER')) GROUP BY j.who, j.kind $$",
    # Both see both then, and what an annotator changes is not said blindly any more.
    f"CREATE OR REPLACE FUNCTION is_done(instance integer) RETURNS boolean {_LOOK} AS $$ "
    "SELECT my_role() = 'annotator' AND EXISTS (SELECT 1 FROM instances s "
    "JOIN instances f ON f.id = s.second_opinion_on "
    "WHERE (s.id = instance OR s.second_opinion_on = instance) "
    "AND s.state = 'accepted' AND f.state = 'accepted') $$",
    f"CREATE OR REPLACE FUNCTION refuse(told varchar) RETURNS void {_SAFE} AS "
    "$$ BEGIN RAISE EXCEPTION '%', told USING ERRCODE = '42501'; END $$",
    f"CREATE OR REPLACE FUNCTION refuse_name(who varchar) RETURNS void {_SAFE} AS $$ BEGIN "
    "  PERFORM refuse('your login is ' || session_user || ', and the name that you work under is ' "
    "    || who || ': set ANNOTATOR_NAME=' || session_user); "
    "END $$",
    f"CREATE OR REPLACE FUNCTION guard_landmarks() RETURNS trigger {_SAFE} AS $$ "
    "DECLARE "
    "  instance integer := CASE TG_OP WHEN 'DELETE' THEN OLD.instance_id ELSE NEW.instance_id END; "
    "  owner varchar; "
    "  reopens boolean; "
    "BEGIN "
    "  IF my_role() IS DISTINCT FROM 'lead' AND session_user <> current_user THEN "
    "    IF EXISTS (SELECT 1 FROM hidden_from_me h WHERE h.id = instance) THEN "
    "      PERFORM refuse('somebody else labels this, and does not know what you do'); "
    "    END IF; "
    "    IF is_done(instance) THEN PERFORM refuse('both have labelled this'); END IF; "
    # A shape that is sent back loses what a model has put there.
    "    reopens := my_role() = 'reviewer' AND CASE TG_OP "
    f"     WHEN 'DELETE' THEN OLD.x IS NOT NULL AND OLD.provenance NOT IN ({_GIVEN}) "
    "      WHEN 'INSERT' THEN NEW.x IS NULL AND NEW.provenance IS NULL ELSE false END; "
    "    owner := labeller(instance); "
    "    IF owner <> session_user AND NOT reopens THEN "
    "      PERFORM refuse('these labels are ' || owner || '''s'); "
    "    END IF; "
    "    IF TG_OP <> 'INSERT' AND OLD.who <> session_user "
    f"      AND (OLD.x IS NULL OR OLD.provenance IN ({_BY_HAND})) THEN "
    "      PERFORM refuse('these labels are ' || OLD.who || '''s'); "
    "    END IF; "
    "    IF TG_OP = 'UPDATE' AND NEW.instance_id <> OLD.instance_id THEN "
    "      PERFORM refuse('labels stay with their object'); "
    "    END IF; "
    "    IF TG_OP <> 'DELETE' AND NEW.who <> session_user AND NOT reopens "
    f"      AND (NEW.x IS NULL OR NEW.provenance IN ({_GIVEN})) THEN "
    "      PERFORM refuse_name(NEW.who); "
    "    END IF; "
    "  END IF; "
    "  IF TG_OP = 'DELETE' THEN RETURN OLD; ELSE RETURN NEW; END IF; "
    "END $$",
    f"CREATE OR REPLACE FUNCTION guard_masks() RETURNS trigger {_SAFE} AS $$ "
    "DECLARE "
    "  instance integer := CASE TG_OP WHEN 'DELETE' THEN OLD.instance_id ELSE NEW.instance_id END; "
    "  owner varchar; "
    "BEGIN "
    "  IF my_role() IS DISTINCT FROM 'lead' AND session_user <> current_user THEN "
    "    IF EXISTS (SELECT 1 FROM hidden_from_me h WHERE h.id = instance) THEN "
    "      PERFORM refuse('somebody else labels this, and does not know what you do'); "
    "    END IF; "
    "    IF is_done(instance) THEN PERFORM refuse('both have labelled this'); END IF; "
    "    owner := labeller(instance); "
    "    IF owner <> session_user THEN "
    "      PERFORM refuse('these labels are ' || owner || '''s'); "
    "    END IF; "
    "    IF TG_OP <> 'INSERT' AND OLD.who <> session_user THEN "
    "      PERFORM refuse('these labels are ' || OLD.who || '''s'); "
    "    END IF; "
    "    IF TG_OP = 'UPDATE' AND NEW.instance_id <> OLD.instance_id THEN "
    "      PERFORM refuse('labels stay with their object'); "
    "    END IF; "
    "    IF TG_OP <> 'DELETE' AND NEW.who <> session_user THEN "
    "      PERFORM refuse_name(NEW.who); "
    "    END IF; "
    "  END IF; "
    "  IF TG_OP = 'DELETE' THEN RETURN OLD; ELSE RETURN NEW; END IF; "
    "END $$",
    f"CREATE OR REPLACE FUNCTION guard_instances() RETURNS trigger {_SAFE} AS $$ "
    "DECLARE owner varchar; "
    "BEGIN "
    "  IF my_role() IS DISTINCT FROM 'lead' AND session_user <> current_user "
    "    AND TG_OP <> 'INSERT' THEN "
    "    owner := labeller(OLD.id); "
    "    IF TG_OP = 'DELETE' THEN "
    "      IF owner <> session_user OR OLD.second_opinion_on IS NOT NULL THEN "
    "        PERFORM refuse('this object is not yours alone'); "
    "      END IF; "
    "    ELSE "
    "      IF (NEW.id, NEW.image_id, NEW.second_opinion_on) "
    "        IS DISTINCT FROM (OLD.id, OLD.image_id, OLD.second_opinion_on) THEN "
    "        PERFORM refuse('an object stays what it is'); "
    "      END IF; "
    "      IF (NEW.state, NEW.centre_x, NEW.centre_y, NEW.width, NEW.height, NEW.angle) "
    "        IS DISTINCT FROM (OLD.state, OLD.centre_x, OLD.centre_y, OLD.width, OLD.height, "
    "        OLD.angle) AND is_done(OLD.id) THEN "
    "        PERFORM refuse('both have labelled this'); "
    "      END IF; "
    "      IF NEW.state <> OLD.state AND owner <> session_user "
    "        AND my_role() IS DISTINCT FROM 'reviewer' THEN "
    "        PERFORM refuse('these labels are ' || owner || '''s'); "
    "      END IF; "
    "      IF (NEW.centre_x, NEW.centre_y, NEW.width, NEW.height, NEW.angle, NEW.excluded_why, "
    "          NEW.excluded_by, NEW.excluded_at) IS DISTINCT FROM (OLD.centre_x, OLD.centre_y, "
    "          OLD.width, OLD.height, OLD.angle, OLD.excluded_why, OLD.excluded_by, "
    "          OLD.excluded_at) THEN "
    "        IF owner <> session_user THEN "
    "          PERFORM refuse('these labels are ' || owner || '''s'); "
    "        END IF; "
    "        IF EXISTS (SELECT 1 FROM landmarks l WHERE l.instance_id = OLD.id "
    f"          AND l.who <> session_user AND (l.x IS NULL OR l.provenance IN ({_BY_HAND}))) THEN "
    "          PERFORM refuse('somebody else has labels here'); "
    "        END IF; "
    "      END IF; "
    "    END IF; "
    "  END IF; "
    "  IF TG_OP = 'DELETE' THEN RETURN OLD; ELSE RETURN NEW; END IF; "
    "END $$",
    f"CREATE OR REPLACE FUNCTION guard_images() RETURNS trigger {_SAFE} AS $$ "
    "BEGIN "
    "  IF coalesce(my_role(), '') NOT IN ('lead', 'reviewer') AND session_user <> current_user "
    "    AND (OLD.excluded_by <> session_user OR EXISTS (SELECT 1 FROM instances i "
    "    JOIN landmarks l ON l.instance_id = i.id WHERE i.image_id = OLD.id "
    "    AND l.who <> session_user AND (i.state = 'accepted' OR l.x IS NULL "
    f"    OR l.provenance IN ({_BY_HAND}))) OR EXISTS (SELECT 1 FROM instances i "
    "    JOIN masks m ON m.instance_id = i.id WHERE i.image_id = OLD.id "
    "    AND m.who <> session_user)) THEN "
    "    PERFORM refuse('somebody else has labels here'); "
    "  END IF; "
    "  RETURN NEW; "
    "END $$",
    # Of one image whoever labels it says what a pixel measures, unless somebody else has.
    f"CREATE OR REPLACE FUNCTION guard_scales() RETURNS trigger {_SAFE} AS $$ "
    "DECLARE said pixel_sizes%ROWTYPE; "
    "BEGIN "
    "  IF my_role() IS DISTINCT FROM 'lead' AND session_user <> current_user THEN "
    "    IF NEW.image_id IS NULL THEN PERFORM refuse('a lead does this'); END IF; "
    "    IF NEW.who <> session_user THEN PERFORM refuse_name(NEW.who); END IF; "
    "    SELECT * INTO said FROM pixel_sizes s WHERE s.image_id = NEW.image_id "
    "      ORDER BY s.id DESC LIMIT 1; "
    "    IF said.mm_per_pixel IS NOT NULL AND said.who <> session_user THEN "
    "      PERFORM refuse('what a pixel measures here is said by ' || said.who); "
    "    END IF; "
    "  END IF; "
    "  RETURN NEW; "
    "END $$",
    f"CREATE OR REPLACE FUNCTION keep_acceptance() RETURNS trigger {_SAFE} AS $$ "
    "BEGIN "
    "  IF NEW.state <> 'accepted' THEN "
    "    DELETE FROM acceptances WHERE instance_id = NEW.id; "
    "  ELSIF TG_OP = 'INSERT' OR OLD.state <> 'accepted' THEN "
    "    INSERT INTO acceptances VALUES (NEW.id, session_user) "
    "    ON CONFLICT (instance_id) DO UPDATE SET who = session_user; "
    "  END IF; "
    "  RETURN NULL; "
    "END $$",
    f"CREATE OR REPLACE FUNCTION guard_journal() RETURNS trigger {_SAFE} AS $$ "
    "DECLARE role varchar := my_role(); owner varchar; "
    "BEGIN "
    "  IF role = 'lead' OR session_user = current_user THEN "
    "    IF NEW.kind IN ('accept', 'sheet', 'image', 'import', 'rule') THEN "
    "      UPDATE acceptances SET who = NEW.who WHERE instance_id = NEW.instance_id; "
    "    END IF; "
    "    RETURN NEW; "
    "  END IF; "
    f"  IF NEW.who <> session_user AND (NEW.kind, NEW.who) <> ('find', '{BY_ITSELF}') THEN "
    "    PERFORM refuse_name(NEW.who); "
    "  END IF; "
    f"  IF NEW.kind IN ({_BY_LEADS}) THEN "
    "    PERFORM refuse('a lead does this'); "
    "  END IF; "
    "  IF NEW.kind = 'review' AND role IS DISTINCT FROM 'reviewer' THEN "
    "    PERFORM refuse('a reviewer does this'); "
    "  END IF; "
    "  owner := labeller(NEW.instance_id); "
    "  IF NEW.kind IN ('accept', 'sheet', 'image', 'import') AND owner <> session_user THEN "
    "    PERFORM refuse('these labels are ' || owner || '''s'); "
    "  END IF; "
    "  RETURN NEW; "
    "END $$",
)
"""schema: where the project's tables are."""

TRIGGERS = (
    ("landmarks", "guard", "BEFORE INSERT OR UPDATE OR DELETE", "guard_landmarks"),
    ("masks", "guard", "BEFORE INSERT OR UPDATE OR DELETE", "guard_masks"),
    ("images", "guard", "BEFORE UPDATE", "guard_images"),
    ("instances", "guard", "BEFORE UPDATE OR DELETE", "guard_instances"),
    ("instances", "keep", "AFTER INSERT OR UPDATE", "keep_acceptance"),
    ("journal", "guard", "BEFORE INSERT", "guard_journal"),
    ("pixel_sizes", "guard", "BEFORE INSERT", "guard_scales"),
)
"""Table, name, when, function; once for each row."""

BLIND = ("landmarks", "masks", "journal", "alternatives")
"""Of whose rows an annotator does not see those of `hidden_from_me`."""

_LABELS = (
    "journal",
    "landmarks",
    "masks",
    "mask_proposals",
    "flags",
    "proposals",
    "alternatives",
    "leases",
    "instances",
)
_REPLACED = ("landmarks", "masks", "mask_proposals", "flags", "proposals", "leases")
_EXCLUSION = "(excluded_why, excluded_by, excluded_at)"
GRANTS = {
    "annotator": (
        *(f"INSERT ON {table}" for table in (*_LABELS, "tracks", "pixel_sizes")),
        *(f"UPDATE ON {table}" for table in ("instances", "proposals", "flags", "alternatives")),
        "UPDATE ON leases",
        "UPDATE ON tracks",
        f"UPDATE {_EXCLUSION} ON images",
        *(f"DELETE ON {table}" for table in _REPLACED),
        "DELETE ON instances",
        "DELETE ON reviews",
    ),
    "reviewer": ("INSERT, UPDATE ON reviews", "ALL ON certificates", "ALL ON certificate_checks"),
    "lead": (),
}
"""What each role may do that the one before it may not; a lead may do all but change what the
journal says."""
