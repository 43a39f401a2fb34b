using System.ComponentModel;
using System.Globalization;
using Millrace.Integrations.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Security.Http;
using EditorAttribute = Millrace.Kernel.Extensibility.EditorAttribute;

namespace Millrace.Integrations.Feeds;

/// <summary>
/// Starts for every contact (of the trigger's segment) when a feed has new items. What the feed held when it was first read is not new. Nothing is fetched
/// here: asking only says that the feed is wanted, and <see cref="FetchFeeds"/> fetches it.
/// </summary>
[AutomationTrigger("rss.updated", Title = "Feed has new items", Group = "Web", Description = "Starts for all contacts, or those of a segment, when an RSS or Atom feed has new items.")]
internal sealed class FeedUpdatedTrigger(SafeHttp http) : AutomationTrigger<FeedUpdated, FeedUpdatedTrigger.Settings>, IScheduledTrigger
{
    internal sealed record Settings
    {
        [Description("Address of the RSS or Atom feed, https."), Editor("url"), MaxCharacters(2_048)]
        public required string Url { get; init; }

        [Label("Look for new items"), Description("How often the feed is read.")]
        public FeedCheck Check { get; init; } = FeedCheck.Hourly;

        [Label("New items"), Says(""), Description("It starts with every so many new items.")]
        public int Items { get; init; } = 1;
    }

    public override bool Matches(FeedUpdated activity, Settings settings) => false;

    public IActivity Happened(DueContact due, object settings) => new FeedUpdated(due.ContactId, ((Settings)settings).Url);

    public DateTimeOffset NextCheck(object settings, string timeZone, DateTimeOffset after) => after + ((Settings)settings).Check switch
    {
        FeedCheck.Weekly => TimeSpan.FromDays(7),
        FeedCheck.Daily => TimeSpan.FromDays(1),
        _ => TimeSpan.FromHours(1),
    };

    public async Task<DueContacts> FindAsync(ScheduledCheck check, object settings, CancellationToken cancellationToken)
    {
        var own = (Settings)settings;
        var feedId = await Sql.Of($"""
            insert into integrations.feed as f (account_id, url, wanted_at, next_fetch_at) values ({check.AccountId}, {own.Url}, {check.Until}, {check.Until})
            on conflict (account_id, url) do update set wanted_at = greatest(f.wanted_at, excluded.wanted_at)
            returning id
            """).FirstAsync<long>(check.Transaction, cancellationToken);
        var counts = (await Sql.Of($"""
            select count(*) filter (where new_at <= {check.After}), count(*) filter (where new_at <= {check.Until}) from integrations.feed_item
            where account_id = {check.AccountId} and feed_id = {feedId} and new_at is not null
            """).FirstAsync<Counts>(check.Transaction, cancellationToken))!;
        var every = Math.Max(1, own.Items);
        if (counts.Until / every <= counts.After / every)
        {
            return new DueContacts([], null);
        }

        var people = await Sql.Of($"""
            select id from contacts.contact where account_id = {check.AccountId} and id > {check.AfterContactId} order by id limit {check.Limit}
            """).ListAsync<long>(check.Transaction, cancellationToken);
        var occasion = string.Create(CultureInfo.InvariantCulture, $"feed:{feedId}:{check.Until.ToUnixTimeMilliseconds()}");
        return new DueContacts([.. people.Select(id => new DueContact(id, occasion))], people.Count < check.Limit ? null : people[^1]);
    }

    protected override IEnumerable<(string Path, string Message)> Check(Settings settings)
    {
        if (http.Reason(settings.Url) is { } reason)
        {
            yield return ("url", reason);
        }

        if (settings.Items is < 1 or > 100)
        {
            yield return ("items", "A number from 1 to 100 is needed.");
        }
    }

    private sealed record Counts(long After, long Until);
}

internal enum FeedCheck
{
    [Label("Every hour")]
    Hourly,

    [Label("Every day")]
    Daily,

    [Label("Every week")]
    Weekly,
}
