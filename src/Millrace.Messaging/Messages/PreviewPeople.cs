using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Messaging.Messages;

/// <summary><c>GET /api/app/preview-people</c>: contacts to look at a mail as. Some as they come, and those with whom mails go wrong first.</summary>
internal sealed class PreviewPeople : IEndpoint
{
    /// <summary>The newest are looked at; of millions nobody wants the longest name of all.</summary>
    private const int Looked = 3_000;

    public static void Map(ModuleRoutes routes) =>
        routes.App.MapGet("preview-people", Handle).WithName("preview_people").RequirePermission(Permission.ViewMessages);

    /// <param name="Why">random, longest_name, no_name or right_to_left.</param>
    internal sealed record Person(long Id, string Email, string Name, string Why);

    internal sealed record People(IReadOnlyList<Person> Contacts);

    private static async Task<People> Handle(CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return new(await Sql.Of($"""
            with newest as (
                select id, coalesce(email, '') as email, trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')) as name
                from contacts.contact where account_id = {account.Id} and email is not null order by id desc limit {Looked}
            ), longest as (select *, 'longest_name' as why, 1 as rank from newest where name <> '' order by length(name) desc, id limit 1),
            nameless as (select *, 'no_name', 2 from newest where name = '' limit 1),
            turned as (select *, 'right_to_left', 3 from newest where name ~ '[֐-ࣿ]' limit 1),
            any_of_them as (select *, 'random', 4 from newest where name <> '' order by random() limit 10)
            select id, email, name, why from (
                select distinct on (id) * from (
                    select * from longest union all select * from nameless union all select * from turned union all select * from any_of_them) p
                order by id, rank) each_once
            order by rank, id
            """).ListAsync<Person>(work, cancellationToken));
    }
}
