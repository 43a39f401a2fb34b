using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Npgsql;

namespace Millrace.Automations.Steps;

/// <summary>
/// Gives contacts their paths. The counts of a split stand in one row that batches lock one after the other, so shares are kept exactly, also with
/// many workers. A contact is worked on by one worker at a time, so its own path needs no lock.
/// </summary>
internal sealed class SplitDecision(ParsedConditions conditions)
{
    /// <summary>While a split has more contacts than this, successes are counted at most once in <see cref="Pause"/>.</summary>
    private const int Few = 2_000;

    private const int Chunk = 5_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <returns>By contact: the number of its path, from 0, and why it is that one, as <see cref="SplitCause"/> writes it.</returns>
    public async Task<Dictionary<long, (short Path, string Why)>> TakeAsync(ActionBatch<SplitAction.Settings> batch, CancellationToken cancellationToken)
    {
        long[] contacts = [.. batch.ContactIds.Distinct()];
        var paths = (await Sql.Of($"""
            select contact_id, path from automations.split_path
            where account_id = {batch.AccountId} and automation_id = {batch.AutomationId} and step_key = {batch.StepKey} and contact_id = any ({contacts})
            """).ListAsync<Taken>(batch.Transaction, cancellationToken)).ToDictionary(t => t.ContactId, t => t.Path);
        var taken = paths.ToDictionary(p => p.Key, p => (p.Value, SplitCause.OfKept(p.Value)));
        var newcomers = contacts.Where(c => !paths.ContainsKey(c)).ToArray();
        if (newcomers.Length == 0)
        {
            return taken;
        }

        var state = await LockAsync(batch, cancellationToken);
        var winner = await WinnerAsync(batch, state, cancellationToken);
        var counts = state.Counts;
        foreach (var contact in newcomers)
        {
            // The count that ends it is exact within a batch, too.
            winner ??= Over(batch.Settings, counts) ? await ChooseAsync(batch, counts, newcomers, paths, cancellationToken) : null;
            var path = winner ?? (batch.Settings.Mode == SplitMode.Until ? (short)0 : Furthest(batch.Settings, counts));
            taken[contact] = (path, SplitCause.Of(batch.Settings, path, counts, isOver: winner is not null));
            paths[contact] = path;
            counts[path]++;
        }

        await SaveAsync(batch, newcomers, paths, counts, winner, cancellationToken);
        return taken;
    }

    /// <summary>The path that lags furthest behind its share.</summary>
    private static short Furthest(SplitAction.Settings settings, long[] counts)
    {
        var shares = settings.Mode == SplitMode.Weighted ? settings.Shares! : [.. Enumerable.Repeat(1, settings.Count())];
        var (sum, next) = (shares.Sum(), counts.Sum() + 1);
        return (short)Enumerable.Range(0, shares.Length).Where(i => shares[i] > 0).MaxBy(i => (shares[i] * next) - (counts[i] * sum));
    }

    private static bool Over(SplitAction.Settings settings, long[] counts) => settings is { Mode: SplitMode.Test or SplitMode.Until, Ends: SplitEnd.Contacts }
        && (settings.Mode == SplitMode.Until ? counts[0] : counts.Sum()) >= settings.EndsAfter;

    private async Task<short?> WinnerAsync(ActionBatch<SplitAction.Settings> batch, State state, CancellationToken cancellationToken)
    {
        var settings = batch.Settings;
        if (state.Winner is not null || settings.Mode is not (SplitMode.Test or SplitMode.Until))
        {
            return state.Winner;
        }

        switch (settings.Ends)
        {
            case SplitEnd.Date when batch.Now >= settings.EndsOn:
            case SplitEnd.Contacts when Over(settings, state.Counts):
                return await ChooseAsync(batch, state.Counts, [], [], cancellationToken);
            case SplitEnd.Successes when state.Counts.Sum() <= Few || state.CheckedAt is null || batch.Now - state.CheckedAt >= Pause:
                var successes = await SuccessesAsync(batch, cancellationToken);
                await Sql.Of($"""
                    update automations.split set checked_at = {batch.Now}
                    where account_id = {batch.AccountId} and automation_id = {batch.AutomationId} and step_key = {batch.StepKey}
                    """).ExecuteAsync(batch.Transaction, cancellationToken);
                var reached = settings.Mode == SplitMode.Until ? successes[0] : successes.Sum();
                return reached < settings.EndsAfter ? null : settings.Mode == SplitMode.Until ? (short)1 : Best(successes, state.Counts);
            default:
                return null;
        }
    }

    /// <summary>It is over: who wins?</summary>
    private async Task<short> ChooseAsync(
        ActionBatch<SplitAction.Settings> batch, long[] counts, long[] newcomers, Dictionary<long, short> paths, CancellationToken cancellationToken)
    {
        if (batch.Settings.Mode == SplitMode.Until)
        {
            return 1;
        }

        var successes = await SuccessesAsync(batch, cancellationToken);
        // Those who have just been given a path are not in the table yet.
        var fresh = newcomers.Where(paths.ContainsKey).ToArray();
        foreach (var contact in fresh.Length == 0 ? [] : await MatchingAsync(batch, fresh, cancellationToken))
        {
            successes[paths[contact]]++;
        }

        return Best(successes, counts);
    }

    /// <summary>The largest share of successes; of equal ones the first path.</summary>
    private static short Best(long[] successes, long[] counts) => (short)Enumerable.Range(0, counts.Length)
        .MaxBy(i => counts[i] == 0 ? 0m : (decimal)successes[i] / counts[i]);

    /// <summary>Contacts of each path for whom the conditions hold.</summary>
    private async Task<long[]> SuccessesAsync(ActionBatch<SplitAction.Settings> batch, CancellationToken cancellationToken)
    {
        var successes = new long[batch.Settings.Count()];
        for (long after = 0; ;)
        {
            var part = await Sql.Of($"""
                select contact_id, path from automations.split_path
                where account_id = {batch.AccountId} and automation_id = {batch.AutomationId} and step_key = {batch.StepKey} and contact_id > {after}
                order by contact_id limit {Chunk}
                """).ListAsync<Taken>(batch.Transaction, cancellationToken);
            var paths = part.ToDictionary(t => t.ContactId, t => t.Path);
            foreach (var contact in part.Count == 0 ? [] : await MatchingAsync(batch, [.. paths.Keys], cancellationToken))
            {
                successes[paths[contact]]++;
            }

            if (part.Count < Chunk)
            {
                return successes;
            }

            after = part[^1].ContactId;
        }
    }

    private async Task<HashSet<long>> MatchingAsync(ActionBatch<SplitAction.Settings> batch, long[] contacts, CancellationToken cancellationToken) =>
        await conditions.MatchingAsync(batch, conditions.Of(batch.Settings, batch.Settings.Conditions!.Value), contacts, cancellationToken);

    private static async Task<State> LockAsync(ActionBatch<SplitAction.Settings> batch, CancellationToken cancellationToken)
    {
        await Sql.Of($"""
            insert into automations.split (account_id, automation_id, step_key, options, counts)
            values ({batch.AccountId}, {batch.AutomationId}, {batch.StepKey}, {batch.Settings.Fingerprint()}, {new long[batch.Settings.Count()]})
            on conflict (account_id, automation_id, step_key) do nothing
            """).ExecuteAsync(batch.Transaction, cancellationToken);
        return (await Sql.Of($"""
            select counts, winner, checked_at from automations.split
            where account_id = {batch.AccountId} and automation_id = {batch.AutomationId} and step_key = {batch.StepKey} for no key update
            """).FirstAsync<State>(batch.Transaction, cancellationToken))!;
    }

    private static async Task SaveAsync(
        ActionBatch<SplitAction.Settings> batch, long[] newcomers, Dictionary<long, short> paths, long[] counts, short? winner, CancellationToken cancellationToken)
    {
        await Sql.Of($"""
            insert into automations.split_path (account_id, automation_id, step_key, contact_id, path, taken_at)
            select {batch.AccountId}, {batch.AutomationId}, {batch.StepKey}, n.contact_id, n.path, {batch.Now}
            from unnest({newcomers}, {newcomers.Select(c => paths[c]).ToArray()}) as n (contact_id, path)
            """).ExecuteAsync(batch.Transaction, cancellationToken);
        await Sql.Of($"""
            update automations.split set counts = {counts}, winner = {winner}
            where account_id = {batch.AccountId} and automation_id = {batch.AutomationId} and step_key = {batch.StepKey}
            """).ExecuteAsync(batch.Transaction, cancellationToken);
    }

    /// <summary>Steps of a flow that are splits in progress and other than when they began.</summary>
    public static async Task<List<string>> EditedAsync(
        NpgsqlTransaction transaction, long accountId, long automationId, IEnumerable<(string Key, SplitAction.Settings Settings)> splits, CancellationToken cancellationToken)
    {
        var given = splits.ToDictionary(s => s.Key, s => s.Settings.Fingerprint(), StringComparer.Ordinal);
        if (given.Count == 0)
        {
            return [];
        }

        var begun = await Sql.Of($"""
            select step_key, options from automations.split
            where account_id = {accountId} and automation_id = {automationId} and step_key = any ({given.Keys.ToArray()})
            """).ListAsync<Begun>(transaction, cancellationToken);
        return [.. begun.Where(b => !JsonElement.DeepEquals(b.Options, given[b.StepKey])).Select(b => b.StepKey)];
    }

    private sealed record Taken(long ContactId, short Path);

    private sealed record State(long[] Counts, short? Winner, DateTimeOffset? CheckedAt);

    private sealed record Begun(string StepKey, JsonElement Options);
}
