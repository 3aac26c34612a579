-- the case's own, and those of the person's other cases at the body that are common to all of them (KW-52);
-- what only waits here has not been received. Sorted without the bodies, of which only a page is read.
WITH archived AS (
  SELECT id FROM document WHERE case_id = ?1 AND forecast = 0
  UNION
  SELECT id FROM document
  WHERE holder = ?4 AND forecast = 0 AND json_extract(body, '$.issuer') = ?5),
sorted AS (
  SELECT d.id,
         d.at,
         coalesce(json_extract(r.body, '$.code'), json_extract(d.body, '$.common.code'), '') AS code,
         {key} AS sorting,
         count(*) OVER () AS total
  FROM archived a
  JOIN document d ON d.id = a.id AND d.forecast = 0
  LEFT JOIN document_row r ON r.id = d.row_id AND r.forecast = 0
  LEFT JOIN json_each(?3) t
    ON t.key = coalesce(json_extract(r.body, '$.code'), json_extract(d.body, '$.common.code'))
  WHERE ?2 IS NULL
     OR coalesce(json_extract(r.body, '$.code'), json_extract(d.body, '$.common.code')) = ?2
  ORDER BY sorting COLLATE swedish {direction}, d.at DESC, d.id
  LIMIT ?6 OFFSET ?7)
SELECT s.id, d.body, s.code, f.id IS NOT NULL AS here, s.total
FROM sorted s
JOIN document d ON d.id = s.id AND d.forecast = 0
LEFT JOIN file f ON f.id = unhex(replace(json_extract(d.body, '$.file.id'), '-', ''))
ORDER BY s.sorting COLLATE swedish {direction}, s.at DESC, s.id
