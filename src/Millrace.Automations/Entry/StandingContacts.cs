using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Automations.Definitions;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Contracts;
using Npgsql;

namespace Millrace.Automations.Entry;

/// <summary>Who is already in the state that triggers wait for: counted for people who are about to switch an automation on, and found for the work itself.</summary>
internal sealed class StandingContacts(IConditions conditions)
{
    /// <summary>The state a trigger's settings stand for.</summary>
    /// <returns>Null: nobody can match it already.</returns>
    public ConditionTree? StateOf(FlowTrigger trigger)
    {
        if (trigger is not { IsUsable: true, Definition: IStandingTrigger standing } || standing.Standing(trigger.Settings!) is not JsonObject state)
        {
            return null;
        }

        try
        {
            return conditions.Parse(JsonElement.Parse(state.ToJsonString()), string.Empty);
        }
        catch (InvalidInputException)
        {
            // A value that no condition takes, for example a text of a number field.
            return null;
        }
    }

    /// <summary>Of each trigger that knows such contacts how many match and would enter, and of all together, each contact once.</summary>
    public async Task<StandingCount> CountAsync(
        NpgsqlTransaction transaction, long accountId, long automationId, Flow flow, IReadOnlyCollection<string>? only, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var context = await AccountZone.ContextAsync(transaction, accountId, automationId, now, null, cancellationToken);
        var triggers = new List<(FlowTrigger Trigger, Sql Contacts)>();
        foreach (var trigger in flow.Triggers.Where(t => only is null || only.Contains(t.Key)))
        {
            if (StateOf(trigger) is { } state)
            {
                triggers.Add((trigger, await ContactsAsync(transaction, context, automationId, flow.Entry, trigger, state, cancellationToken)));
            }
        }

        if (triggers.Count == 0)
        {
            return new StandingCount([.. flow.Triggers.Select(t => new StandingTrigger(t.Key, t.Type, false, 0, 0))], 0);
        }

        var all = Sql.Join(" union all ", triggers.Select((t, i) => Sql.Of($"select {i} as no, m.id, m.enters from ({t.Contacts}) m")));
        var counts = await Sql.Of($"""
            with m as materialized ({all})
            select no, count(*), count(*) filter (where enters) from m group by no
            union all
            select -1, count(distinct id), count(distinct id) filter (where enters) from m
            """).ListAsync<Counted>(transaction, cancellationToken);
        var byNo = counts.ToDictionary(c => c.No);
        return new StandingCount(
            [
                .. flow.Triggers.Select(t => triggers.FindIndex(k => k.Trigger == t) is >= 0 and var no
                    ? new StandingTrigger(t.Key, t.Type, true, byNo.GetValueOrDefault(no)?.Matching ?? 0, byNo.GetValueOrDefault(no)?.Entering ?? 0)
                    : new StandingTrigger(t.Key, t.Type, false, 0, 0)),
            ],
            byNo[-1].Entering);
    }

    /// <summary>Some who match a trigger already, by contact id.</summary>
    public async Task<List<long>> FindAsync(
        NpgsqlTransaction transaction, long accountId, long automationId, FlowTrigger trigger, ConditionTree state, long afterContact, int limit, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var context = await AccountZone.ContextAsync(transaction, accountId, automationId, now, null, cancellationToken);
        var matches = await MatchesAsync(transaction, context, trigger, state, cancellationToken);
        return await Sql.Of($"""
            select c.id from contacts.contact c where c.account_id = {accountId} and c.id > {afterContact} and {matches} order by c.id limit {limit}
            """).ListAsync<long>(transaction, cancellationToken);
    }

    /// <summary>Rows of contact and whether the entry rule lets it in, as <see cref="Enrolment"/> has it.</summary>
    private async Task<Sql> ContactsAsync(
        NpgsqlTransaction transaction, SegmentContext context, long automationId, EntryRule rule, FlowTrigger trigger, ConditionTree state,
        CancellationToken cancellationToken)
    {
        var barring = rule switch
        {
            EntryRule.Once => Sql.Empty,
            EntryRule.AfterExit => Sql.Of($"and r.status in ('active', 'waiting', 'parked')"),
            _ => Sql.Of($"and r.trigger_key = {trigger.Key}"),
        };
        var matches = await MatchesAsync(transaction, context, trigger, state, cancellationToken);
        return Sql.Of($"""
            select c.id, not exists (
                select 1 from automations.run r
                where r.account_id = {context.AccountId} and r.contact_id = c.id and r.automation_id = {automationId} {barring}) as enters
            from contacts.contact c where c.account_id = {context.AccountId} and {matches}
            """);
    }

    private async Task<Sql> MatchesAsync(
        NpgsqlTransaction transaction, SegmentContext context, FlowTrigger trigger, ConditionTree state, CancellationToken cancellationToken)
    {
        var own = conditions.Compile(await conditions.ResolveAsync(transaction, context.AccountId, state, cancellationToken), context);
        if (trigger.Where is not { } where)
        {
            return Sql.Of($"({own})");
        }

        var further = conditions.Compile(await conditions.ResolveAsync(transaction, context.AccountId, where, cancellationToken), context);
        return Sql.Of($"({own}) and ({further})");
    }

    private sealed record Counted(int No, long Matching, long Entering);
}

/// <summary>Contacts that match triggers before anything has happened.</summary>
/// <param name="Entering">Contacts that would enter: each once, however many triggers it matches.</param>
internal sealed record StandingCount(IReadOnlyList<StandingTrigger> Triggers, long Entering);

/// <summary>One trigger's part.</summary>
/// <param name="Countable">False for events, dates and settings of which nothing stays that could be looked for.</param>
/// <param name="Matching">Are in the state, and fulfil the trigger's conditions.</param>
/// <param name="Entering">Of these: the entry rule lets them in.</param>
internal sealed record StandingTrigger(string Id, string Type, bool Countable, long Matching, long Entering);
