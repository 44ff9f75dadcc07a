-- What was sold in the year, by the state of the venue.
select
    v.venuestate as state,
    count(*) as sales,
    sum(s.qtysold) as tickets,
    sum(s.pricepaid) as amount
from fact_sales s
join dim_date d on d.dateid = s.dateid
join dim_venue v on v.venueid = s.venueid
where d.year = cast(:year as integer)
group by v.venuestate
order by amount desc, state
