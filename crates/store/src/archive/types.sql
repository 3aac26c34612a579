-- by the rows that have documents, of which there are few, and not by the documents, of which there may be many
SELECT DISTINCT coalesce(json_extract(r.body, '$.code'), d.common, '')
FROM (
  SELECT DISTINCT row_id, NULL AS common FROM document WHERE case_id = ?1 AND forecast = 0
  UNION
  SELECT row_id, json_extract(body, '$.common.code') FROM document
  WHERE holder = ?2 AND forecast = 0 AND case_id <> ?1 AND json_extract(body, '$.issuer') = ?3) d
LEFT JOIN document_row r ON r.id = d.row_id AND r.forecast = 0
ORDER BY coalesce(json_extract(r.body, '$.place'), 1000)
