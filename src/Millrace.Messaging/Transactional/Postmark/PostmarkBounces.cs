using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Messaging.Transactional.Events;
using Npgsql;

namespace Millrace.Messaging.Transactional.Postmark;

/// <summary><c>GET /bounces</c>, one of them, its text, <c>PUT .../activate</c>; <c>GET /deliverystats</c>.</summary>
internal sealed class PostmarkBounces : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        foreach (var group in PostmarkDialect.Groups(routes))
        {
            group.MapGet("/bounces", ListAsync);
            group.MapGet("/bounces/{id}", ShowAsync);
            group.MapGet("/bounces/{id}/dump", DumpAsync);
            group.MapPut("/bounces/{id}/activate", ActivateAsync);
            group.MapGet("/deliverystats", StatisticsAsync);
        }
    }

    private static async Task<IResult> ListAsync(HttpContext http, PostmarkCaller caller, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var request = http.Request;
        var (count, offset) = PostmarkDialect.Page(request, PostmarkDialect.BounceQuery);
        var (type, email, tag, stream) = (PostmarkDialect.Query(request, "type"), PostmarkDialect.Query(request, "emailFilter"), PostmarkDialect.Query(request, "tag"), PostmarkDialect.Query(request, "messagestream"));
        if (type is not null && !BounceType.All.Any(t => t.Key.Equals(type, StringComparison.OrdinalIgnoreCase)))
        {
            throw new PostmarkException(PostmarkDialect.BounceQuery, "There is no such type of bounce.");
        }

        var inactive = PostmarkDialect.Query(request, "inactive")?.ToLowerInvariant() switch
        {
            null => (bool?)null,
            "true" => true,
            "false" => false,
            _ => throw new PostmarkException(PostmarkDialect.BounceQuery, "inactive is true or false."),
        };
        var message = PostmarkDialect.Query(request, "messageID");
        var guid = message is null ? null : Guid.TryParse(message, out var read) ? read : (Guid?)Guid.Empty;
        var (from, to) = (PostmarkDialect.Instant(request, "fromdate", PostmarkDialect.BounceQuery), PostmarkDialect.Instant(request, "todate", PostmarkDialect.BounceQuery));
        var where = Sql.Of($"""
            where e.account_id = {caller.AccountId} and m.server_id = {caller.ServerId} and e.kind in ('bounced', 'complained')
              and ({type} is null or lower(e.data ->> 'type') = lower({type})) and ({email} is null or strpos(r.address_key, lower({email})) > 0)
              and ({tag} is null or m.tag = {tag}) and ({stream} is null or s.key = lower({stream})) and ({guid} is null or m.guid = {guid})
              and ({from} is null or e.occurred_at >= {from}) and ({to} is null or e.occurred_at <= {to})
              and ({inactive} is null or {inactive} = exists (select 1 from messaging.stream_suppression x
                   where x.account_id = m.account_id and x.stream_id = m.stream_id and x.address = r.address_key))
            """);
        await using var work = await AccountTransaction.BeginAsync(database, caller.AccountId, cancellationToken);
        var total = await Sql.Of($"select count(*) from ({ToldEvent.Select} {where} limit 10000) n").FirstAsync<long>(work, cancellationToken);
        var bounces = await Sql.Of($"{ToldEvent.Select} {where} order by e.id desc offset {offset} limit {count}").ListAsync<ToldEvent>(work, cancellationToken);
        return PostmarkDialect.Answer(new JsonObject { ["TotalCount"] = total, ["Bounces"] = new JsonArray([.. bounces.Select(b => EventPayload.Bounce(b, null))]) });
    }

    private static async Task<IResult> ShowAsync(string id, PostmarkCaller caller, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, caller.AccountId, cancellationToken);
        return PostmarkDialect.Answer(EventPayload.Bounce(await FindAsync(work, caller, id, cancellationToken), null));
    }

    private static async Task<IResult> DumpAsync(string id, PostmarkCaller caller, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, caller.AccountId, cancellationToken);
        return PostmarkDialect.Answer(new JsonObject { ["Body"] = (await FindAsync(work, caller, id, cancellationToken)).Text("reply") ?? "" });
    }

    private static async Task<IResult> ActivateAsync(
        string id, PostmarkCaller caller, NpgsqlDataSource database, StreamSuppressions suppressions, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, caller.AccountId, cancellationToken);
        var bounce = await FindAsync(work, caller, id, cancellationToken);
        if (bounce.Kind == "complained")
        {
            throw new PostmarkException(PostmarkDialect.BounceQuery, "Who complained stays suppressed.");
        }

        await suppressions.LiftAsync(work, caller.AccountId, caller.ServerId, bounce.StreamId, bounce.StreamKey, [bounce.Recipient], SuppressionOrigin.Customer, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return PostmarkDialect.Answer(new JsonObject { ["Message"] = "OK", ["Bounce"] = EventPayload.Bounce(bounce with { IsInactive = false }, null) });
    }

    private static async Task<IResult> StatisticsAsync(PostmarkCaller caller, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, caller.AccountId, cancellationToken);
        var inactive = await Sql.Of($"""
            select count(*) from messaging.mail_stream s join messaging.stream_suppression x on x.account_id = s.account_id and x.stream_id = s.id
            where s.account_id = {caller.AccountId} and s.server_id = {caller.ServerId}
            """).FirstAsync<long>(work, cancellationToken);
        var counts = (await Sql.Of($"""
            select c.what, sum(c.total)::bigint from messaging.mail_stream s join messaging.mail_count c on c.account_id = s.account_id and c.stream_id = s.id
            where s.account_id = {caller.AccountId} and s.server_id = {caller.ServerId} and (c.what in ('bounced', 'complained') or starts_with(c.what, 'bounced:')) group by c.what
            """).ListAsync<Count>(work, cancellationToken)).ToDictionary(c => c.What, c => c.Total, StringComparer.Ordinal);
        var all = new JsonArray(new JsonObject { ["Name"] = "All", ["Count"] = counts.GetValueOrDefault("bounced") + counts.GetValueOrDefault("complained") });
        foreach (var type in BounceType.All)
        {
            var total = type == BounceType.Complaint ? counts.GetValueOrDefault("complained") : counts.GetValueOrDefault($"bounced:{type.Key}");
            if (total > 0)
            {
                all.Add(new JsonObject { ["Type"] = type.Key, ["Name"] = type.Name, ["Count"] = total });
            }
        }

        return PostmarkDialect.Answer(new JsonObject { ["InactiveMails"] = inactive, ["Bounces"] = all });
    }

    private static async Task<ToldEvent> FindAsync(AccountTransaction work, PostmarkCaller caller, string id, CancellationToken cancellationToken) =>
        (long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? await Sql.Of($"{ToldEvent.Select} where e.account_id = {caller.AccountId} and e.id = {number} and m.server_id = {caller.ServerId} and e.kind in ('bounced', 'complained')")
                .FirstAsync<ToldEvent>(work, cancellationToken)
            : null) ?? throw new PostmarkException(PostmarkDialect.BounceUnknown, "This server has no such bounce.");

    private sealed record Count(string What, long Total);
}
