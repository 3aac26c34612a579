
-- Everything that a person can look for, by words. Triggers keep it, so that it is written in the
-- transaction that writes what it finds, and what goes is not found a moment longer.
-- `no` is the time in milliseconds x 4,096 and a tie-breaker: newest first is its order, and no sort.
CREATE TABLE found (
    no       INTEGER PRIMARY KEY,
    kind     TEXT    NOT NULL,
    id       BLOB    NOT NULL,
    forecast INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX found_id ON found (id, kind, forecast);

-- The words alone: what they stand in is read from where it lies.
CREATE VIRTUAL TABLE found_text USING fts5(
    kind, text, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TRIGGER found_gone AFTER DELETE ON found BEGIN
    DELETE FROM found_text WHERE rowid = OLD.no;
END;

-- Where every kind says what it is found by; nothing, if it is not to be found any more.
CREATE VIEW finding (kind, id, forecast, at, text) AS
SELECT '', x'', 0, 0, '' WHERE FALSE;

CREATE TRIGGER finding_put INSTEAD OF INSERT ON finding BEGIN
    DELETE FROM found WHERE id = NEW.id AND kind = NEW.kind AND forecast = NEW.forecast;
    INSERT INTO found (no, kind, id, forecast)
    SELECT CASE WHEN last IS NULL THEN base
                WHEN last < base + 4095 THEN last + 1
                -- so many at one moment do not happen; they are found all the same
                ELSE (SELECT max(no) + 1 FROM found) END,
           NEW.kind, NEW.id, NEW.forecast
    FROM (SELECT NEW.at * 4096 AS base,
                 (SELECT max(no) FROM found
                  WHERE no BETWEEN NEW.at * 4096 AND NEW.at * 4096 + 4095) AS last)
    WHERE NEW.text IS NOT NULL;
    INSERT INTO found_text (rowid, kind, text)
    SELECT no, kind, NEW.text FROM found
    WHERE id = NEW.id AND kind = NEW.kind AND forecast = NEW.forecast;
END;

CREATE TRIGGER case_found AFTER INSERT ON "case" BEGIN
    INSERT INTO finding (kind, id, forecast, at, text)
    VALUES ('case', NEW.id, NEW.forecast,
            unixepoch(json_extract(NEW.body, '$.opened_at')) * 1000,
            concat_ws(' ', json_extract(NEW.body, '$.title'), NEW.number,
                      json_extract(NEW.body, '$.holder.name'),
                      json_extract(NEW.body, '$.officer.name'),
                      json_extract(NEW.body, '$.identity_number'),
                      -- as people write it
                      substr(json_extract(NEW.body, '$.identity_number'), 9)));
END;
CREATE TRIGGER case_gone AFTER DELETE ON "case" BEGIN
    DELETE FROM found WHERE id = OLD.id AND kind = 'case' AND forecast = OLD.forecast;
END;

CREATE TRIGGER message_found AFTER INSERT ON message BEGIN
    INSERT INTO finding (kind, id, forecast, at, text)
    VALUES ('message', NEW.id, NEW.forecast, NEW.at,
            json_extract(NEW.body, '$.author_name') || ' ' || json_extract(NEW.body, '$.text'));
END;
CREATE TRIGGER message_gone AFTER DELETE ON message BEGIN
    DELETE FROM found WHERE id = OLD.id AND kind = 'message' AND forecast = OLD.forecast;
END;

CREATE TRIGGER document_found AFTER INSERT ON document BEGIN
    INSERT INTO finding (kind, id, forecast, at, text)
    VALUES ('document', NEW.id, NEW.forecast, NEW.at,
            concat_ws(' ', json_extract(NEW.body, '$.file.name'), json_extract(NEW.body, '$.note'),
                      json_extract(NEW.body, '$.author_name')));
END;
CREATE TRIGGER document_gone AFTER DELETE ON document BEGIN
    DELETE FROM found WHERE id = OLD.id AND kind = 'document' AND forecast = OLD.forecast;
END;

CREATE TRIGGER certificate_found AFTER INSERT ON certificate BEGIN
    INSERT INTO finding (kind, id, forecast, at, text)
    VALUES ('certificate', NEW.id, NEW.forecast,
            unixepoch(json_extract(NEW.body, '$.granted_on')) * 1000,
            json_extract(NEW.body, '$.number'));
END;
CREATE TRIGGER certificate_gone AFTER DELETE ON certificate BEGIN
    DELETE FROM found WHERE id = OLD.id AND kind = 'certificate' AND forecast = OLD.forecast;
END;

-- What a body holds on a person has no time of its own: it comes last.
CREATE TRIGGER contact_found AFTER INSERT ON other
WHEN NEW.kind = 'contact' AND json_valid(NEW.body) BEGIN
    INSERT INTO finding (kind, id, forecast, at, text)
    SELECT 'person', NEW.id, NEW.forecast, 0, group_concat(value, ' ')
    FROM json_each(NEW.body)
    WHERE type = 'text' AND key NOT IN ('issuer', 'person', 'channel');
END;
CREATE TRIGGER proposal_found AFTER INSERT ON other
WHEN NEW.kind = 'contact_proposal' AND json_valid(NEW.body) BEGIN
    INSERT INTO finding (kind, id, forecast, at, text)
    SELECT 'proposal', NEW.id, NEW.forecast,
           unixepoch(json_extract(NEW.body, '$.received_at')) * 1000,
           group_concat(json_extract(value, '$.to') || ' ' || json_extract(value, '$.from'), ' ')
    FROM json_each(NEW.body, '$.changes');
END;
CREATE TRIGGER postal_task_found AFTER INSERT ON other
WHEN NEW.kind = 'postal_task' AND json_valid(NEW.body) BEGIN
    INSERT INTO finding (kind, id, forecast, at, text)
    VALUES ('letter', NEW.id, NEW.forecast,
            unixepoch(json_extract(NEW.body, '$.made_at')) * 1000,
            iif(json_extract(NEW.body, '$.done') IS NULL, json_extract(NEW.body, '$.number'), NULL));
END;
-- What is removed has no words any more.
CREATE TRIGGER note_found AFTER INSERT ON other
WHEN NEW.kind = 'note' AND json_valid(NEW.body) BEGIN
    INSERT INTO finding (kind, id, forecast, at, text)
    VALUES ('note', NEW.id, NEW.forecast, unixepoch(json_extract(NEW.body, '$.at')) * 1000,
            iif(json_extract(NEW.body, '$.removed'), NULL,
                json_extract(NEW.body, '$.author_name') || ' ' || json_extract(NEW.body, '$.text')));
END;
CREATE TRIGGER template_found AFTER INSERT ON other
WHEN NEW.kind = 'template' AND json_valid(NEW.body) BEGIN
    INSERT INTO finding (kind, id, forecast, at, text)
    VALUES ('template', NEW.id, NEW.forecast, unixepoch(json_extract(NEW.body, '$.at')) * 1000,
            iif(json_extract(NEW.body, '$.removed'), NULL,
                json_extract(NEW.body, '$.title') || ' ' || json_extract(NEW.body, '$.text')));
END;
CREATE TRIGGER other_gone AFTER DELETE ON other BEGIN
    DELETE FROM found WHERE id = OLD.id AND forecast = OLD.forecast AND kind = CASE OLD.kind
        WHEN 'contact' THEN 'person'
        WHEN 'contact_proposal' THEN 'proposal'
        WHEN 'postal_task' THEN 'letter'
        WHEN 'note' THEN 'note'
        WHEN 'template' THEN 'template' END;
END;

-- A form that is being filled in is kept as JSON: what is found is what was typed into it.
CREATE VIEW draft_finding (place, at, text) AS
SELECT place, saved_at, iif(
       (place GLOB 'contact/*' OR place GLOB 'exam/*') AND json_valid(text),
       (SELECT group_concat(value, ' ') FROM json_each(draft.text)
        WHERE type = 'text' AND key <> 'part'), text)
FROM draft;
CREATE TRIGGER draft_found AFTER INSERT ON draft BEGIN
    INSERT INTO finding (kind, id, forecast, at, text)
    SELECT 'draft', CAST(place AS BLOB), 0, at, text FROM draft_finding WHERE place = NEW.place;
END;
CREATE TRIGGER draft_found_again AFTER UPDATE OF text ON draft BEGIN
    INSERT INTO finding (kind, id, forecast, at, text)
    SELECT 'draft', CAST(place AS BLOB), 0, at, text FROM draft_finding WHERE place = NEW.place;
END;
CREATE TRIGGER draft_gone AFTER DELETE ON draft BEGIN
    DELETE FROM found WHERE id = CAST(OLD.place AS BLOB) AND kind = 'draft' AND forecast = 0;
END;

-- What has been received stands in the records; what belongs to a case that has left is read in the outbox
-- alone, and no longer found.
CREATE VIEW outbox_finding (id, at, text) AS
SELECT id, written_at, iif(typed = 1 AND state <> 'received' AND title IS NULL,
       (SELECT group_concat(value, ' ')
        FROM json_tree(iif(json_valid(CAST(o.body AS TEXT)), CAST(o.body AS TEXT), '{}'))
        WHERE type = 'text' AND key IN ('text', 'reason', 'note', 'mark', 'name', 'to')), NULL)
FROM outbox o;
CREATE TRIGGER outbox_found AFTER INSERT ON outbox BEGIN
    INSERT INTO finding (kind, id, forecast, at, text)
    SELECT 'outbox', id, 0, at, text FROM outbox_finding WHERE id = NEW.id;
END;
CREATE TRIGGER outbox_found_again AFTER UPDATE OF state, title ON outbox BEGIN
    INSERT INTO finding (kind, id, forecast, at, text)
    SELECT 'outbox', id, 0, at, text FROM outbox_finding WHERE id = NEW.id;
END;
CREATE TRIGGER outbox_gone AFTER DELETE ON outbox BEGIN
    DELETE FROM found WHERE id = OLD.id AND kind = 'outbox' AND forecast = 0;
END;
