using System.Globalization;
using Millrace.Activities.Contracts;
using Millrace.Automations.Contracts;
using Millrace.Automations.Definitions;
using Millrace.Automations.Engine;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Npgsql;

namespace Millrace.Automations.Entry;

/// <summary>Applies the entry rules to candidates, set-wise, and puts those who pass on the first step.</summary>
internal sealed class Enrolment(IActivityLog log)
{
    /// <summary>Entries of one contact through one trigger in 24 hours. Also what breaks loops over several automations.</summary>
    public const int DailyEntries = 10;

    /// <param name="candidates">In the order in which they happened.</param>
    /// <param name="manual">Added by a person or the API: the triggers' own limits do not count.</param>
    /// <returns>Those who are inside now.</returns>
    public async Task<List<Entered>> EnterAsync(
        NpgsqlTransaction transaction, long accountId, long automationId, Flow flow, IReadOnlyList<Candidate> candidates, bool manual, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        if (flow.First is not { } first || candidates.Count == 0)
        {
            return [];
        }

        var past = (await Sql.Of($"""
            select contact_id, coalesce(trigger_key, '') as trigger_key, max(id) as last_run,
                   count(*) filter (where entered_at > {now.AddHours(-24)}) as today, max(entered_at) as last_entered, bool_or(status in ('active', 'waiting', 'parked')) as inside
            from automations.run
            where account_id = {accountId} and automation_id = {automationId} and contact_id = any ({candidates.Select(c => c.ContactId).Distinct().ToArray()})
            group by 1, 2
            """).ListAsync<Past>(transaction, cancellationToken)).ToLookup(p => p.ContactId);
        var chosen = Choose(flow.Entry, candidates, manual, past);
        if (chosen.Count == 0)
        {
            return [];
        }

        // In one order, so that two who let the same contacts in never wait for each other in a circle.
        var entered = await Sql.Of($"""
            insert into automations.run (account_id, automation_id, contact_id, bucket, status, step_key, arrived_at, due_at, entered_at, trigger_key, entry_key, list_ids,
                                         subject_kind, subject_id)
            select {accountId}, {automationId}, c.contact_id, kernel.bucket_of({accountId}, c.contact_id), 'active', coalesce(c.step_key, {first.Key}), {now}, {now}, {now},
                   c.trigger_key, c.entry_key, string_to_array(c.lists, ',')::bigint[], c.subject_kind, c.subject_id
            from unnest({Column(c => c.ContactId)}, {Column(c => c.StepKey)}, {Column(c => c.TriggerKey)}, {Column(c => c.EntryKey)}, {Column(ListsOf)},
                        {Column(c => c.Subject?.Kind)}, {Column(c => c.Subject?.Id)})
                 with ordinality as c (contact_id, step_key, trigger_key, entry_key, lists, subject_kind, subject_id, no)
            where exists (select 1 from contacts.contact p where p.account_id = {accountId} and p.id = c.contact_id)
            order by c.contact_id, c.no
            on conflict on constraint run_entry_unique do nothing
            returning id, contact_id, trigger_key, step_key
            """).ListAsync<Entered>(transaction, cancellationToken);
        if (entered.Count > 0)
        {
            var tally = new Tally((short)(Bucket.Of(accountId, entered[0].ContactId) % Tally.Shards), now);
            tally.Add(accountId, automationId, string.Empty, Tally.Entered, entered.Count);
            foreach (var step in entered.GroupBy(e => e.StepKey, StringComparer.Ordinal))
            {
                tally.AddInPeriod(accountId, automationId, step.Key, Tally.Arrived, step.Count());
            }

            await tally.SaveAsync(transaction, cancellationToken);
            await log.AppendAsync(
                transaction, accountId, [.. entered.Select(e => new AutomationEntered(e.ContactId, automationId, e.RunId, e.TriggerKey))], cancellationToken);
        }

        return entered;

        T[] Column<T>(Func<Candidate, T> value) => [.. chosen.Select(value)];
    }

    private static string? ListsOf(Candidate candidate) =>
        candidate.Lists.Count == 0 ? null : string.Join(',', candidate.Lists.Select(l => l.ToString(CultureInfo.InvariantCulture)));

    private static List<Candidate> Choose(EntryRule rule, IReadOnlyList<Candidate> candidates, bool manual, ILookup<long, Past> past)
    {
        var chosen = new List<Candidate>();
        var inBatch = new Dictionary<(long, string), int>();
        var newcomers = new HashSet<long>();
        foreach (var candidate in candidates)
        {
            var mine = past[candidate.ContactId].ToList();
            var key = (candidate.ContactId, candidate.TriggerKey ?? string.Empty);
            var newly = newcomers.Contains(candidate.ContactId);
            var through = mine.FirstOrDefault(p => p.TriggerKey == key.Item2);
            var today = (through?.Today ?? 0) + inBatch.GetValueOrDefault(key);
            var entryKey = rule switch
            {
                EntryRule.Once => mine.Count > 0 || newly ? null : "once",
                EntryRule.AfterExit => mine.Exists(p => p.Inside) || newly ? null : FormattableString.Invariant($"after:{mine.Select(p => p.LastRun).DefaultIfEmpty().Max()}"),
                _ when candidate.MatchedSince is { } since && (newly || through is not null || mine.Exists(p => p.LastEntered >= since)) => null,
                _ when manual => candidate.EntryKey,
                _ when candidate.Runs == TriggerRuns.Once => through is not null ? null : $"trigger:{candidate.TriggerKey}",
                _ => candidate.EntryKey,
            };
            if (entryKey is null || (!manual && today >= DailyEntries))
            {
                continue;
            }

            inBatch[key] = inBatch.GetValueOrDefault(key) + 1;
            newcomers.Add(candidate.ContactId);
            chosen.Add(candidate with { EntryKey = entryKey });
        }

        return chosen;
    }

    private sealed record Past(long ContactId, string TriggerKey, long LastRun, long Today, DateTimeOffset LastEntered, bool Inside);
}

/// <summary>A contact that may enter.</summary>
/// <param name="TriggerKey">Null: added by hand or through the API.</param>
/// <param name="EntryKey">What this entry is about; the same one enters only once.</param>
/// <param name="Lists">Lists of what brings it in.</param>
/// <param name="StepKey">Where to begin; null: at the first step.</param>
/// <param name="Subject">The thing the entry is about; null: the contact alone.</param>
/// <param name="MatchedSince">
/// It matched already when somebody asked for such contacts, at this time: not for those who have come through this trigger before, nor for those who
/// have come in since by any way.
/// </param>
internal sealed record Candidate(
    long ContactId, string? TriggerKey, TriggerRuns Runs, string EntryKey, IReadOnlyList<long> Lists, string? StepKey = null, RunSubject? Subject = null,
    DateTimeOffset? MatchedSince = null);

/// <summary>A contact that has entered.</summary>
/// <param name="StepKey">The step it stands on.</param>
internal sealed record Entered(long RunId, long ContactId, string? TriggerKey, string StepKey);
