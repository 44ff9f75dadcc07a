-- The ten sellers who sold most tickets in the year. Who sold as many for more money comes first, then whose identifier
-- is lower.
select
    u.userid as sellerid,
    u.username,
    u.firstname || ' ' || u.lastname as name,
    u.city,
    u.state,
    sum(s.qtysold) as tickets,
    sum(s.pricepaid) as sales
from fact_sales s
join dim_date d on d.dateid = s.dateid
join dim_user u on u.userid = s.sellerid
where d.year = cast(:year as integer)
group by u.userid, u.username, u.firstname, u.lastname, u.city, u.state
order by tickets desc, sales desc, sellerid
limit 10
