-- of the person's cases at the body one is enough
SELECT max(c.id), p.body
FROM other p JOIN "case" c
  ON json_extract(c.body, '$.issuer') = json_extract(p.body, '$.issuer')
 AND json_extract(c.body, '$.holder.person') = json_extract(p.body, '$.person')
WHERE p.kind = 'contact_proposal' AND p.forecast = 0
  AND json_extract(p.body, '$.handling.at') > ?1
  AND json_extract(p.body, '$.handling.by') IS NOT ?2
GROUP BY p.id
