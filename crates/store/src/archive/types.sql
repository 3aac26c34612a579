SELECT DISTINCT coalesce(json_extract(r.body, '$.code'), json_extract(d.body, '$.common.code'), '')
FROM (
  SELECT id, body FROM document WHERE case_id = ?1 AND forecast = 0
  UNION
  SELECT id, body FROM document
  WHERE holder = ?2 AND forecast = 0 AND json_extract(body, '$.issuer') = ?3) d
LEFT JOIN document_row r
  ON r.id = unhex(replace(json_extract(d.body, '$.row'), '-', '')) AND r.forecast = 0
ORDER BY coalesce(json_extract(r.body, '$.place'), 1000)
