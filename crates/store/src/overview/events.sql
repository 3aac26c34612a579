SELECT e.case_id, e.body FROM event e
WHERE e.forecast = 0 AND e.at > ?1 AND json_extract(e.body, '$.by') IS NOT ?3
ORDER BY e.at DESC LIMIT ?2
