using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Contracts;

namespace Millrace.Automations.Simulating;

/// <summary>Chooses the contacts of a simulation.</summary>
internal sealed class SimulationSample(IConditions conditions)
{
    public async Task<(List<SampleContact> Contacts, long? Population)> ChooseAsync(
        AccountTransaction work, SimulationRequest request, SegmentContext context, CancellationToken cancellationToken) => request switch
        {
            { Contacts: { } ids } => (await NamedAsync(work, context.AccountId, ids, cancellationToken), null),
            { Segment: { } segment } => await OfSegmentAsync(work, context, segment, request.Sample ?? SimulationPlan.MaxContacts, cancellationToken),
            _ => await AtRandomAsync(work, context.AccountId, request.Random ?? 1, cancellationToken),
        };

    private static async Task<List<SampleContact>> NamedAsync(AccountTransaction work, long accountId, long[] ids, CancellationToken cancellationToken)
    {
        var found = (await ReadAsync(work, accountId, ids, cancellationToken)).ToDictionary(c => c.Id);
        var missing = Enumerable.Range(0, ids.Length).Where(i => !found.ContainsKey(ids[i]))
            .Select(i => new FieldError($"/contacts/{i}", "contact_missing", "There is no such contact.")).ToList();
        return missing.Count > 0 ? throw new InvalidInputException(missing) : [.. ids.Distinct().Select(id => found[id])];
    }

    private async Task<(List<SampleContact>, long?)> OfSegmentAsync(
        AccountTransaction work, SegmentContext context, long segment, int limit, CancellationToken cancellationToken)
    {
        var tree = conditions.Parse(JsonSerializer.SerializeToElement(new { field = "segment", op = "in", value = segment }), "/segment");
        if ((await conditions.CheckAsync(work, context.AccountId, tree, cancellationToken)).Count > 0)
        {
            throw new InvalidInputException("/segment", "segment_missing", "There is no such segment.");
        }

        var count = await conditions.CountAsync(work.Transaction, context, tree, cancellationToken);
        return (await conditions.SampleAsync(work.Transaction, context, tree, limit, cancellationToken, count), count);
    }

    /// <summary>By random places among the numbers: as many looks at the index as contacts are wanted, however many there are.</summary>
    private static async Task<(List<SampleContact>, long?)> AtRandomAsync(AccountTransaction work, long accountId, int count, CancellationToken cancellationToken)
    {
        var ends = (await Sql.Of($"""
            select coalesce(min(id), 0), coalesce(max(id), 0), count(*) from (
                (select id from contacts.contact where account_id = {accountId} order by id limit 1)
                union all (select id from contacts.contact where account_id = {accountId} order by id desc limit 1)) e
            """).FirstAsync<Ends>(work, cancellationToken))!;
        var ids = new HashSet<long>();
        for (var round = 0; round < 5 && ends.Count > 0 && ids.Count < count; round++)
        {
            var places = Enumerable.Range(0, count * 2).Select(_ => Random.Shared.NextInt64(ends.First, ends.Last + 1)).ToArray();
            ids.UnionWith(await Sql.Of($"""
                select c.id from unnest({places}) as p (id)
                cross join lateral (select id from contacts.contact where account_id = {accountId} and id >= p.id order by id limit 1) c
                """).ListAsync<long>(work, cancellationToken));
        }

        if (ids.Count < count && ends.Count > 0)
        {
            // Few contacts: the rest in their order.
            ids.UnionWith(await Sql.Of($"select id from contacts.contact where account_id = {accountId} order by id limit {count}").ListAsync<long>(work, cancellationToken));
        }

        var population = await Sql.Of($"select count(*) from contacts.contact where account_id = {accountId}").FirstAsync<long>(work, cancellationToken);
        return (await ReadAsync(work, accountId, [.. ids.Take(count)], cancellationToken), population);
    }

    private static Task<List<SampleContact>> ReadAsync(AccountTransaction work, long accountId, long[] ids, CancellationToken cancellationToken) => Sql.Of($"""
        select id, email, btrim(first_name || ' ' || last_name) from contacts.contact where account_id = {accountId} and id = any ({ids}) order by id
        """).ListAsync<SampleContact>(work, cancellationToken);

    private sealed record Ends(long First, long Last, long Count);
}
