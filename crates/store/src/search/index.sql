
-- Everything that a person can look for, by words. Triggers keep it: what goes is not found a moment longer,
-- and what comes is noted in the transaction that writes it.
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

-- What has come or changed, and whose words the index does not have yet. They go there some at a time and
-- in the order of their time (`Store::index_some`): one by one, in the transaction that brings them and in
-- the order in which they come, they cost a first pull four times as much as all the rest of it.
CREATE TABLE to_index (
    no       INTEGER PRIMARY KEY,
    kind     TEXT    NOT NULL,
    id       BLOB    NOT NULL,
    forecast INTEGER NOT NULL
) STRICT;

-- What everything is found by. What is not here any more, or has no words, is not found.
CREATE VIEW finding (kind, id, forecast, at, text) AS
SELECT 'case', id, forecast, unixepoch(json_extract(body, '$.opened_at')) * 1000,
       concat_ws(' ', json_extract(body, '$.title'), number,
                 json_extract(body, '$.holder.name'), json_extract(body, '$.officer.name'),
                 json_extract(body, '$.identity_number'),
                 -- as people write it
                 substr(json_extract(body, '$.identity_number'), 9))
FROM "case"
UNION ALL
SELECT 'message', id, forecast, at,
       json_extract(body, '$.author_name') || ' ' || json_extract(body, '$.text')
FROM message
UNION ALL
SELECT 'document', id, forecast, at,
       concat_ws(' ', json_extract(body, '$.file.name'), json_extract(body, '$.note'),
                 json_extract(body, '$.author_name'))
FROM document
UNION ALL
SELECT 'certificate', id, forecast, unixepoch(json_extract(body, '$.granted_on')) * 1000,
       json_extract(body, '$.number')
FROM certificate
UNION ALL
-- what a body holds on a person has no time of its own: it comes last
SELECT 'person', id, forecast, 0,
       (SELECT group_concat(value, ' ') FROM json_each(body)
        WHERE type = 'text' AND key NOT IN ('issuer', 'person', 'channel'))
FROM other WHERE kind = 'contact' AND json_valid(body)
UNION ALL
SELECT 'proposal', id, forecast, unixepoch(json_extract(body, '$.received_at')) * 1000,
       (SELECT group_concat(json_extract(value, '$.to') || ' ' || json_extract(value, '$.from'), ' ')
        FROM json_each(body, '$.changes'))
FROM other WHERE kind = 'contact_proposal' AND json_valid(body)
UNION ALL
SELECT 'letter', id, forecast, unixepoch(json_extract(body, '$.made_at')) * 1000,
       iif(json_extract(body, '$.done') IS NULL, json_extract(body, '$.number'), NULL)
FROM other WHERE kind = 'postal_task' AND json_valid(body)
UNION ALL
-- what is removed has no words any more
SELECT 'note', id, forecast, unixepoch(json_extract(body, '$.at')) * 1000,
       iif(json_extract(body, '$.removed'), NULL,
           json_extract(body, '$.author_name') || ' ' || json_extract(body, '$.text'))
FROM other WHERE kind = 'note' AND json_valid(body)
UNION ALL
SELECT 'template', id, forecast, unixepoch(json_extract(body, '$.at')) * 1000,
       iif(json_extract(body, '$.removed'), NULL,
           json_extract(body, '$.title') || ' ' || json_extract(body, '$.text'))
FROM other WHERE kind = 'template' AND json_valid(body)
UNION ALL
-- a form that is being filled in is kept as JSON: what is found is what was typed into it
SELECT 'draft', CAST(place AS BLOB), 0, saved_at,
       iif((place GLOB 'contact/*' OR place GLOB 'exam/*') AND json_valid(text),
           (SELECT group_concat(value, ' ') FROM json_each(text)
            WHERE type = 'text' AND key <> 'part'), text)
FROM draft
UNION ALL
-- what has been received stands in the records; what belongs to a case that has left is read in the outbox
-- alone, and no longer found
SELECT 'outbox', id, 0, written_at,
       (SELECT group_concat(value, ' ')
        FROM json_tree(iif(json_valid(CAST(body AS TEXT)), CAST(body AS TEXT), '{}'))
        WHERE type = 'text' AND key IN ('text', 'reason', 'note', 'mark', 'name', 'to'))
FROM outbox WHERE typed = 1 AND state <> 'received' AND title IS NULL;

CREATE TRIGGER case_to_index AFTER INSERT ON "case" BEGIN
    INSERT INTO to_index (kind, id, forecast) VALUES ('case', NEW.id, NEW.forecast);
END;
CREATE TRIGGER case_gone AFTER DELETE ON "case" BEGIN
    DELETE FROM found WHERE id = OLD.id AND kind = 'case' AND forecast = OLD.forecast;
END;
CREATE TRIGGER message_to_index AFTER INSERT ON message BEGIN
    INSERT INTO to_index (kind, id, forecast) VALUES ('message', NEW.id, NEW.forecast);
END;
CREATE TRIGGER message_gone AFTER DELETE ON message BEGIN
    DELETE FROM found WHERE id = OLD.id AND kind = 'message' AND forecast = OLD.forecast;
END;
CREATE TRIGGER document_to_index AFTER INSERT ON document BEGIN
    INSERT INTO to_index (kind, id, forecast) VALUES ('document', NEW.id, NEW.forecast);
END;
CREATE TRIGGER document_gone AFTER DELETE ON document BEGIN
    DELETE FROM found WHERE id = OLD.id AND kind = 'document' AND forecast = OLD.forecast;
END;
CREATE TRIGGER certificate_to_index AFTER INSERT ON certificate BEGIN
    INSERT INTO to_index (kind, id, forecast) VALUES ('certificate', NEW.id, NEW.forecast);
END;
CREATE TRIGGER certificate_gone AFTER DELETE ON certificate BEGIN
    DELETE FROM found WHERE id = OLD.id AND kind = 'certificate' AND forecast = OLD.forecast;
END;

-- The kinds of `other` under the names that they have here.
CREATE VIEW other_found (kind, name) AS
VALUES ('contact', 'person'), ('contact_proposal', 'proposal'), ('postal_task', 'letter'),
       ('note', 'note'), ('template', 'template');
CREATE TRIGGER other_to_index AFTER INSERT ON other BEGIN
    INSERT INTO to_index (kind, id, forecast)
    SELECT name, NEW.id, NEW.forecast FROM other_found WHERE kind = NEW.kind;
END;
CREATE TRIGGER other_gone AFTER DELETE ON other BEGIN
    DELETE FROM found WHERE id = OLD.id AND forecast = OLD.forecast
        AND kind = (SELECT name FROM other_found WHERE kind = OLD.kind);
END;

CREATE TRIGGER draft_to_index AFTER INSERT ON draft BEGIN
    INSERT INTO to_index (kind, id, forecast) VALUES ('draft', CAST(NEW.place AS BLOB), 0);
END;
CREATE TRIGGER draft_to_index_again AFTER UPDATE OF text ON draft BEGIN
    INSERT INTO to_index (kind, id, forecast) VALUES ('draft', CAST(NEW.place AS BLOB), 0);
END;
CREATE TRIGGER draft_gone AFTER DELETE ON draft BEGIN
    DELETE FROM found WHERE id = CAST(OLD.place AS BLOB) AND kind = 'draft' AND forecast = 0;
END;

CREATE TRIGGER outbox_to_index AFTER INSERT ON outbox BEGIN
    INSERT INTO to_index (kind, id, forecast) VALUES ('outbox', NEW.id, 0);
END;
CREATE TRIGGER outbox_to_index_again AFTER UPDATE OF state, title ON outbox BEGIN
    DELETE FROM found WHERE id = NEW.id AND kind = 'outbox' AND forecast = 0;
    INSERT INTO to_index (kind, id, forecast) VALUES ('outbox', NEW.id, 0);
END;
CREATE TRIGGER outbox_gone AFTER DELETE ON outbox BEGIN
    DELETE FROM found WHERE id = OLD.id AND kind = 'outbox' AND forecast = 0;
END;
