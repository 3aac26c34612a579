SELECT d.id,
       d.body,
       coalesce(json_extract(r.body, '$.code'), '') AS code,
       f.id IS NOT NULL AS here
FROM document d
LEFT JOIN document_row r
  ON r.id = unhex(replace(json_extract(d.body, '$.row'), '-', '')) AND r.forecast = 0
LEFT JOIN file f ON f.id = unhex(replace(json_extract(d.body, '$.file.id'), '-', ''))
LEFT JOIN json_each(?3) t ON t.key = json_extract(r.body, '$.code')
-- what only waits here has not been received
WHERE d.case_id = ?1 AND d.forecast = 0
  AND (?2 IS NULL OR json_extract(r.body, '$.code') = ?2)
ORDER BY {key} {direction}, d.at DESC, d.id
