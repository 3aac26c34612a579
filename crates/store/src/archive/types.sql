SELECT DISTINCT json_extract(r.body, '$.code')
FROM document_row r
JOIN document d
  ON d.case_id = r.case_id AND d.forecast = 0
 AND unhex(replace(json_extract(d.body, '$.row'), '-', '')) = r.id
WHERE r.case_id = ?1 AND r.forecast = 0
ORDER BY r.place
