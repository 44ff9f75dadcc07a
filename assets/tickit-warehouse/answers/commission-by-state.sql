-- Commission earned in the year, by the state of the seller: it is the seller who pays it. Sellers who do not say where
-- they live have no state.
select
    u.state,
    count(distinct u.userid) as sellers,
    sum(s.pricepaid) as amount,
    sum(s.commission) as commission
from fact_sales s
join dim_date d on d.dateid = s.dateid
join dim_user u on u.userid = s.sellerid
where d.year = cast(:year as integer)
group by u.state
order by commission desc, state
