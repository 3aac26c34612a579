SELECT m.id,
       m.body,
       m.forecast,
       (SELECT max(v.rev) FROM membership v WHERE v.kind = 'message' AND v.id = m.id) AS rev,
       (SELECT max(r.up_to) FROM read_mark r WHERE r.thread = m.thread) AS read_to
FROM message m
WHERE m.case_id = ?1
  AND (m.forecast = 1 OR NOT EXISTS (SELECT 1 FROM message o WHERE o.id = m.id AND o.forecast = 1))
