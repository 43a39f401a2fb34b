using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Messaging.Campaigns.Audience;
using Millrace.Messaging.Campaigns.Checks;
using Millrace.Messaging.Campaigns.Running;
using Npgsql;

namespace Millrace.Messaging.Campaigns.Editing;

/// <summary>What the summary page asks for beside the campaign itself: who will get it, what the checks say, how far it is; and the calendar.</summary>
internal sealed class CampaignFigures : IEndpoint
{
    private const int MaxDomains = 10;
    private const int MaxLooked = 20_000;
    private const int EnoughOpens = 50;
    private const int MaxDays = 62;

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapPost("campaigns/audience", Count).WithName("campaign_audience").RequirePermission(Permission.ViewMessages);
        routes.App.MapGet("campaigns/{id:long}/checks", Check).WithName("campaign_checks").RequirePermission(Permission.ViewMessages);
        routes.App.MapGet("campaigns/{id:long}/progress", Progress).WithName("campaign_progress").RequirePermission(Permission.ViewMessages);
        routes.App.MapGet("campaigns/calendar", Calendar).WithName("campaign_calendar").RequirePermission(Permission.ViewMessages);
        routes.App.MapGet("campaigns/best-times", BestTimes).WithName("campaign_best_times").RequirePermission(Permission.ViewMessages);
    }

    /// <param name="CampaignId">For one that is sent again, whose audience depends on the original; null: what the lists and segments say.</param>
    internal sealed record AudienceInput(
        IReadOnlyList<long> ListIds, long? SegmentId = null, IReadOnlyList<long>? ExcludeListIds = null, long? ExcludeSegmentId = null, long? CampaignId = null);

    /// <param name="Ok">Nothing was found, or only what is worth knowing.</param>
    internal sealed record CheckResult(string Key, string Title, bool Ok, IReadOnlyList<CampaignFinding> Findings);

    /// <param name="CanSend">No check found an error.</param>
    /// <param name="Audience">Null: it could not be counted in time.</param>
    internal sealed record CheckList(bool CanSend, AudienceCount? Audience, IReadOnlyList<CheckResult> Checks);

    /// <summary>Where every mail of a campaign stands. Recipients are the sum of all that follows, at any moment.</summary>
    /// <param name="Waiting">For the winner of the test.</param>
    /// <param name="Later">Queued for an hour to come: by zone, or by each contact's best hour.</param>
    /// <param name="Deferred">To be tried again, by the domain and what it said.</param>
    /// <param name="PerMinute">Taken over the last five minutes, a minute.</param>
    internal sealed record ProgressView(
        CampaignStatus Status, bool Freezing, long Chosen, long Recipients, long Queued, long Handoff, long Ambiguous, long DeferredCount, long Sent, long Failed, long Suppressed,
        long Cancelled, long Unknown, long Waiting, long Later, double PerMinute, IReadOnlyList<DeferredDomain> Deferred, IReadOnlyList<VariantFigures> Variants,
        DateTimeOffset? NextAt);

    internal sealed record DeferredDomain(string Domain, long Mails, string Reason);

    /// <param name="At">When the first mail goes, went, or is asked about.</param>
    internal sealed record CalendarItem(long Id, string Name, CampaignType Type, CampaignStatus Status, DateTimeOffset At, string? Local, long Recipients, bool IsPredictive);

    /// <param name="Day">In the account's zone.</param>
    internal sealed record AutomatedDay(DateOnly Day, long Sent);

    internal sealed record CalendarView(IReadOnlyList<CalendarItem> Campaigns, IReadOnlyList<AutomatedDay> Automated);

    /// <param name="Enough">There are so many opens that the hours mean something.</param>
    /// <param name="Hours">Opens by hour of the week, 168 of them from Monday 0:00, by the clocks of the contacts.</param>
    internal sealed record BestTimesView(bool Enough, long Opens, IReadOnlyList<int> Hours, DateTimeOffset? LearnedAt);

    private sealed record Totals(long Waiting, long Later, long InFive, DateTimeOffset? NextAt);

    private sealed record Learned(int[] Hours, DateTimeOffset? At);

    private static async Task<AudienceCount> Count(
        AudienceInput request, CurrentAccount account, NpgsqlDataSource database, CampaignAudience audience, TimedLooks looks, CancellationToken cancellationToken)
    {
        var excluded = request.ExcludeListIds ?? [];
        if (request.ListIds.Count > 100 || excluded.Count > 100)
        {
            throw new InvalidInputException("/list_ids", "length", "At most 100 lists.");
        }

        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var rule = new AudienceRule([.. request.ListIds.Distinct()], request.SegmentId, [.. excluded.Distinct()], request.ExcludeSegmentId);
        if (request.CampaignId is { } id)
        {
            var campaign = await Campaign.FindAsync(work.Transaction, account.Id, id, cancellationToken) ?? throw new InvalidInputException("/campaign_id", "not_found", "There is no such campaign.");
            rule = rule with { ParentId = campaign.ParentId, ResendTo = campaign.ResendTo };
        }

        foreach (var (path, segment) in new[] { ("/segment_id", rule.SegmentId), ("/exclude_segment_id", rule.ExcludeSegmentId) })
        {
            if (segment is { } named && !await audience.HasSegmentAsync(work, account.Id, named, cancellationToken))
            {
                throw new InvalidInputException(path, "not_found", "There is no such segment.");
            }
        }

        return rule.ListIds.Length == 0
            ? new AudienceCount(0, 0, [])
            : await looks.QuestionAsync(work, "/segment_id", () => audience.CountAsync(work, account.Id, rule, cancellationToken), cancellationToken);
    }

    /// <param name="slow">Those too that ask the world: links, pictures, the spam check.</param>
    private static async Task<CheckList> Check(
        long id, CurrentAccount account, NpgsqlDataSource database, CampaignChecks checks, CancellationToken cancellationToken, bool slow = false)
    {
        CampaignUnderCheck loaded;
        await using (var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken))
        {
            var campaign = await Campaign.FindAsync(work.Transaction, account.Id, id, cancellationToken) ?? throw new NotFoundException();
            loaded = await checks.LoadAsync(work, campaign, count: true, cancellationToken);
        }

        var results = await checks.RunAsync(loaded, slow, cancellationToken);
        return new(
            results.All(r => r.Findings.All(f => f.Severity != FindingSeverity.Error)), loaded.Audience,
            [.. results.Select(r => new CheckResult(r.Check.Key, r.Check.Title, r.Findings.All(f => f.Severity == FindingSeverity.Note), r.Findings))]);
    }

    private static async Task<ProgressView> Progress(long id, CurrentAccount account, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        // One moment for all figures, or they could contradict each other.
        await using var work = await AccountTransaction.SnapshotAsync(database, account.Id, cancellationToken);
        var campaign = await Campaign.FindAsync(work.Transaction, account.Id, id, cancellationToken) ?? throw new NotFoundException();
        var now = clock.GetUtcNow();
        var states = (await CampaignSends.CountAsync(work.Transaction, account.Id, id, cancellationToken)).ToDictionary(s => s.State, s => s.Count, StringComparer.Ordinal);
        var totals = await Sql.Of($"""
            select count(*) filter (where next_at is not null and reason = {CampaignSends.WaitsForWinner}), count(*) filter (where state = 'queued' and next_at > {now}),
                   count(*) filter (where state = 'sent' and finished_at > {now.AddMinutes(-5)}), min(next_at) filter (where state = 'queued' and next_at > {now})
            from messaging.send where account_id = {account.Id} and source_kind = 'campaign' and source_id = {id}
            """).FirstAsync<Totals>(work, cancellationToken);
        var deferred = await Sql.Of($"""
            select split_part(coalesce(d.sent_to, c.email, ''), '@', 2) as domain, count(*), coalesce(mode() within group (order by d.reason), '')
            from (select * from messaging.send where account_id = {account.Id} and source_kind = 'campaign' and source_id = {id} and state = 'deferred'
                    and reason not in ({CampaignSends.WaitsForWinner}, {CampaignSends.Paused}) limit {MaxLooked}) d
            left join contacts.contact c on c.account_id = d.account_id and c.id = d.contact_id
            group by 1 order by 2 desc, 1 limit {MaxDomains}
            """).ListAsync<DeferredDomain>(work, cancellationToken);
        var variants = campaign.Type == CampaignType.Split ? await SplitWinner.FiguresAsync(work.Transaction, account.Id, id, cancellationToken) : [];
        return new(
            campaign.Status, campaign is { Status: CampaignStatus.Sending, FrozenAt: null, Recurs: false }, campaign.Chosen, states.Values.Sum(), Of("queued"), Of("handoff"),
            Of("ambiguous"), Of("deferred"), Of("sent"), Of("failed"), Of("suppressed"), Of("cancelled"), Of("unknown"), totals!.Waiting, totals.Later,
            Math.Round(totals.InFive / 5.0, 1), deferred, variants, totals.NextAt);

        long Of(string state) => states.GetValueOrDefault(state);
    }

    /// <param name="from">First day, in the account's zone.</param>
    /// <param name="until">Last day; at most 62 days.</param>
    private static async Task<CalendarView> Calendar(
        DateOnly from, DateOnly until, CurrentAccount account, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (until < from || until.DayNumber - from.DayNumber > MaxDays || from.Year is < 2000 or > 2900)
        {
            throw new InvalidInputException("until", "out_of_range", $"A calendar shows at most {MaxDays} days.");
        }

        var context = new SegmentContext(account.Id, clock.GetUtcNow(), account.TimeZone);
        var (begin, end) = (context.StartOf(from), context.StartOf(until.AddDays(1)));
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var rows = await Sql.Of($"""
            select id, name, type, status, at, local, recipients, is_predictive from (
                select *, to_char(schedule_local, 'YYYY-MM-DD"T"HH24:MI') as local,
                       coalesce(started_at, case when status = 'draft' and schedule_zone = 'account' then schedule_local at time zone {account.TimeZone} end, scheduled_at,
                                schedule_local at time zone {account.TimeZone}) as at
                from messaging.campaign where account_id = {account.Id} and not is_hidden and type in ('standard', 'split')) k
            where at >= {begin} and at < {end} order by at, id limit 1000
            """).ListAsync<CalendarItem>(work, cancellationToken);
        var automated = await Sql.Of($"""
            select (quarter at time zone {account.TimeZone})::date, sum(total)::bigint from messaging.mail_tally
            where account_id = {account.Id} and automation_id > 0 and what = 'sent' and quarter >= {begin} and quarter < {end} group by 1 order by 1
            """).ListAsync<AutomatedDay>(work, cancellationToken);
        return new(rows, automated);
    }

    private static async Task<BestTimesView> BestTimes(CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var learned = await Sql.Of($"select hours, finished_at from messaging.best_hour_run where account_id = {account.Id}").FirstAsync<Learned>(work, cancellationToken);
        var hours = learned?.Hours ?? new int[168];
        var opens = hours.Sum(h => (long)h);
        return new(opens >= EnoughOpens, opens, hours, learned?.At);
    }
}
