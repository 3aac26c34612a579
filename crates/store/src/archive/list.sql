-- the case's own, and those of the person's other cases at the body that are common to all of them (KW-52);
-- what only waits here has not been received
WITH archived AS (
  SELECT id, at, body FROM document WHERE case_id = ?1 AND forecast = 0
  UNION
  SELECT id, at, body FROM document
  WHERE holder = ?4 AND forecast = 0 AND json_extract(body, '$.issuer') = ?5)
SELECT d.id,
       d.body,
       coalesce(json_extract(r.body, '$.code'), json_extract(d.body, '$.common.code'), '') AS code,
       f.id IS NOT NULL AS here
FROM archived d
LEFT JOIN document_row r
  ON r.id = unhex(replace(json_extract(d.body, '$.row'), '-', '')) AND r.forecast = 0
LEFT JOIN file f ON f.id = unhex(replace(json_extract(d.body, '$.file.id'), '-', ''))
LEFT JOIN json_each(?3) t
  ON t.key = coalesce(json_extract(r.body, '$.code'), json_extract(d.body, '$.common.code'))
WHERE ?2 IS NULL
   OR coalesce(json_extract(r.body, '$.code'), json_extract(d.body, '$.common.code')) = ?2
ORDER BY {key} {direction}, d.at DESC, d.id
