SELECT c.id,
       c.body,
       (SELECT max(m.at) FROM message m WHERE m.case_id = c.id) AS last_message_at,
       (SELECT count(*) FROM message m WHERE m.case_id = c.id AND m.forecast = 1)
         + (SELECT count(*) FROM document d WHERE d.case_id = c.id AND d.forecast = 1 AND NOT EXISTS (
              SELECT 1 FROM document o WHERE o.id = d.id AND o.forecast = 0)) AS waiting,
       (SELECT count(*) FROM message m
        WHERE m.case_id = c.id AND m.unread = 1
          AND m.at > coalesce((SELECT max(r.up_to) FROM read_mark r
                               WHERE r.thread = m.thread AND r.forecast = 1), 0))
         AS unread,
       -- as the server has them: what only waits here has not been handed in
       (SELECT count(*) FROM document_row r WHERE r.case_id = c.id AND r.forecast = 0
          AND (json_extract(r.body, '$.required') OR json_extract(r.body, '$.asked') IS NOT NULL))
         AS needed,
       (SELECT count(*) FROM document_row r WHERE r.case_id = c.id AND r.forecast = 0
          AND json_extract(r.body, '$.required')
          AND json_extract(r.body, '$.state') = 'accepted') AS accepted,
       (SELECT count(*) FROM document_row r WHERE r.case_id = c.id AND r.forecast = 0
          AND (json_extract(r.body, '$.required') OR json_extract(r.body, '$.asked') IS NOT NULL)
          AND json_extract(r.body, '$.state') IN ('submitted', 'explained')) AS submitted,
       -- awaited again: asked for, or what came, a document or a reason, was found insufficient
       (SELECT count(*) FROM document_row r
          LEFT JOIN document d ON d.forecast = 0
           AND d.id = unhex(replace(json_extract(r.body, '$.document'), '-', ''))
         WHERE r.case_id = c.id AND r.forecast = 0
           AND json_extract(r.body, '$.state') = 'open'
           AND (json_extract(r.body, '$.asked') IS NOT NULL
             OR json_extract(r.body, '$.required')
               AND (json_extract(d.body, '$.handling.state') = 'refused'
                 OR json_extract(r.body, '$.explanations[#-1].handling.state') = 'refused')))
         AS refused,
       (SELECT count(*) FROM document d WHERE d.case_id = c.id AND d.forecast = 0
          AND json_extract(d.body, '$.handling.state') = 'waiting')
         + (SELECT count(*) FROM document_row r WHERE r.case_id = c.id AND r.forecast = 0
              AND json_extract(r.body, '$.explanations[#-1].handling.state') = 'waiting')
         AS to_handle,
       coalesce(w.drafts, 0) AS drafts,
       (SELECT count(*) FROM file f WHERE f.case_id = c.id AND f.state = 'picked') AS unsent_files,
       (SELECT body FROM certificate t WHERE t.case_id = c.id ORDER BY t.forecast DESC LIMIT 1)
         AS certificate,
       coalesce(p.waiting, 0) AS contact_to_handle
FROM "case" c
-- few are being written at a time: a place begins with what it belongs to
LEFT JOIN (SELECT unhex(replace(substr(place, 6, 36), '-', '')) AS id, count(*) AS drafts
           FROM draft WHERE place LIKE 'case/%' AND text <> '' GROUP BY 1) w ON w.id = c.id
-- changes of contact details that wait for the officer, as the server has them
LEFT JOIN (SELECT json_extract(body, '$.issuer') AS issuer, json_extract(body, '$.person') AS person,
                  count(*) AS waiting
           FROM other WHERE kind = 'contact_proposal' AND forecast = 0
             AND json_extract(body, '$.handling.state') = 'waiting' GROUP BY 1, 2) p
  ON p.issuer = json_extract(c.body, '$.issuer') AND p.person = json_extract(c.body, '$.holder.person')
WHERE c.forecast = 1
   OR NOT EXISTS (SELECT 1 FROM "case" o WHERE o.id = c.id AND o.forecast = 1)
ORDER BY last_message_at DESC NULLS LAST, c.number
