SELECT d.case_id, d.body FROM document d
WHERE d.forecast = 0 AND json_extract(d.body, '$.handling.at') > ?1
  AND json_extract(d.body, '$.handling.state') IN ('accepted', 'refused')
  AND json_extract(d.body, '$.handling.by') IS NOT ?3
ORDER BY json_extract(d.body, '$.handling.at') DESC LIMIT ?2
