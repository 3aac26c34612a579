SELECT c.id,
       c.body,
       (SELECT max(m.at) FROM message m WHERE m.case_id = c.id) AS last_message_at,
       (SELECT count(*) FROM message m WHERE m.case_id = c.id AND m.forecast = 1) AS waiting,
       (SELECT count(*) FROM message m
        WHERE m.case_id = c.id AND m.unread = 1
          AND m.at > coalesce((SELECT max(r.up_to) FROM read_mark r
                               WHERE r.thread = m.thread AND r.forecast = 1), 0))
         AS unread
FROM "case" c
WHERE c.forecast = 1
   OR NOT EXISTS (SELECT 1 FROM "case" o WHERE o.id = c.id AND o.forecast = 1)
ORDER BY last_message_at DESC NULLS LAST, c.number
