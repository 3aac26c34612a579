SELECT t.id, t.body
FROM other t
WHERE t.kind = 'postal_task'
  AND (t.forecast = 1
       OR NOT EXISTS (SELECT 1 FROM other o WHERE o.kind = t.kind AND o.id = t.id AND o.forecast = 1))
  -- posted: shown until the server has it
  AND (t.forecast = 1 OR json_extract(t.body, '$.done') IS NULL)
ORDER BY json_extract(t.body, '$.made_at'), t.id
