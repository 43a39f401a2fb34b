using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Messaging.Feeds;
using Npgsql;

namespace Millrace.Messaging.Campaigns.Running;

/// <summary>
/// What the feeds in the mails of a campaign show, read before the transaction that starts it: a mail shows its feeds as they were then, and its links are counted like
/// all others. Campaigns that recur show what was fetched last; issues of feed campaigns bring theirs.
/// </summary>
internal sealed class CampaignFeeds(NpgsqlDataSource database, FeedSnapshots snapshots)
{
    /// <param name="Problem">Which feed could not be read, and why; or that none has anything new. Null: nothing is wrong.</param>
    internal sealed record Taken(IReadOnlyDictionary<long, FeedSnapshot> ByMessage, string? Problem);

    public static readonly Taken Nothing = new(new Dictionary<long, FeedSnapshot>(), null);

    /// <summary>Goes over the network where a mail shows a feed: never within a transaction.</summary>
    public async Task<Taken> TakeAsync(long accountId, long campaignId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var wanted = new List<(long MessageId, Contracts.MessageContent Content, IReadOnlySet<(string Url, string Item)> Sent)>();
        await using (var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken))
        {
            if (await Campaign.FindAsync(work.Transaction, accountId, campaignId, cancellationToken)
                is not { Work: CampaignWork.Start, WorkAt: { } at, Recurs: false } campaign || at > now)
            {
                return Nothing;
            }

            var variants = await CampaignVariant.ListAsync(work.Transaction, accountId, [campaignId], cancellationToken);
            foreach (var (variant, content, own) in await CampaignContent.LoadAsync(work.Transaction, campaign, variants, cancellationToken))
            {
                if (own is null && MayShowFeed(content))
                {
                    wanted.Add((variant.MessageId, content, await FeedSnapshots.SentAsync(work, accountId, variant.MessageId, cancellationToken)));
                }
            }
        }

        var taken = new Dictionary<long, FeedSnapshot>();
        try
        {
            foreach (var (messageId, content, sent) in wanted)
            {
                if (await snapshots.TakeAsync(content, sent, cancellationToken) is { } snapshot)
                {
                    taken[messageId] = snapshot;
                }
            }
        }
        catch (InvalidInputException e)
        {
            return new(taken, e.Errors[0].Message);
        }

        return new(taken, taken.Values.Any(t => t.NothingNew) ? "There is nothing new in a feed that shows only new items." : null);
    }

    /// <summary>Spares the others that they are rendered once more.</summary>
    private static bool MayShowFeed(Contracts.MessageContent content) =>
        FeedSections.Any(content.Html) || FeedSections.Any(content.Text)
        || (content.Design is { } design && design.GetRawText() is var text && (text.Contains("\"rss\"", StringComparison.Ordinal) || FeedSections.Any(text)));
}
