SELECT f.no, f.kind, f.id
FROM found_text t CROSS JOIN found f ON f.no = t.rowid
WHERE found_text MATCH ?1
  AND t.rowid < ?2
  AND (f.forecast = 1
       OR NOT EXISTS (SELECT 1 FROM found o WHERE o.id = f.id AND o.kind = f.kind AND o.forecast = 1))
ORDER BY t.rowid DESC
