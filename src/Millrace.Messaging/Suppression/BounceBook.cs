using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Mail.Smtp;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Sending;
using Npgsql;

namespace Millrace.Messaging.Suppression;

/// <summary>How a bounce is told to people.</summary>
internal enum BounceKind
{
    /// <summary>The address is no good.</summary>
    Hard,

    /// <summary>The fault may pass: mailbox full, server down, too big.</summary>
    Soft,

    /// <summary>The receiver did not want it of us: reputation, policy, authentication. Never the address's fault.</summary>
    Block,
}

/// <summary>A mail that could not be delivered.</summary>
/// <param name="Address">Lower case.</param>
/// <param name="Class">Of the reply, for example <c>no_user</c>.</param>
/// <param name="InboundId">The mail that told it; null: the server's answer did.</param>
/// <param name="OfContact">False: to somebody else's address; it is kept and has no consequences here.</param>
internal sealed record Bounce(
    long SendId, long ContactId, long MessageId, string Address, BounceKind Kind, string Class, AddressCount Counts, int? Code, string Status, string Detail, long? InboundId,
    bool OfContact = true)
{
    private const int MaxDetail = 1_000;

    /// <summary>What kind a class is.</summary>
    public static BounceKind KindOf(string @class, AddressCount counts) => counts == AddressCount.Hard ? BounceKind.Hard : @class switch
    {
        "blocked" or "auth_failed" or "throttled" or "greylist" or "host_block" or "sender_config" or "account" or "our_bug" or "content_form" => BounceKind.Block,
        _ => BounceKind.Soft,
    };

    public bool CountsSoft => Counts is AddressCount.Soft or AddressCount.SoftTwice or AddressCount.SoftOnExpiry;

    public string ShortDetail => StorableText.Cut(Detail, MaxDetail);
}

/// <summary>
/// Keeps bounces and draws their consequences: a hard one makes the address unusable at once, soft ones when three mails of three separate campaigns in a row
/// came back. A block never does. The ledger counts what servers answer at once, the inbound worker what they tell later; both come here.
/// </summary>
internal sealed class BounceBook(ISubscriptions subscriptions) : IBounces
{
    /// <summary>So many campaigns in a row.</summary>
    private const int SoftLimit = 3;

    private const int LookBack = 60;

    /// <summary>The caller's transaction holds one side of the <see cref="Sending.SendGate"/>.</summary>
    /// <returns>Those that were not known yet: one for each mail and class.</returns>
    public async Task<IReadOnlyList<Bounce>> WriteAsync(
        NpgsqlTransaction transaction, long accountId, IReadOnlyList<Bounce> bounces, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (bounces.Count == 0)
        {
            return [];
        }

        var added = (await Sql.Of($"""
            insert into messaging.bounce (account_id, send_id, class, kind, counts, address, contact_id, message_id, code, status, detail, inbound_id, bounced_at)
            select {accountId}, b.send_id, b.class, b.kind, b.counts, b.address, b.contact_id, b.message_id, b.code, b.status, b.detail, b.inbound_id, {now}
            from unnest({bounces.Select(b => b.SendId).ToArray()}, {bounces.Select(b => b.Class).ToArray()}, {bounces.Select(b => EnumNames<BounceKind>.NameOf(b.Kind)).ToArray()},
                        {bounces.Select(b => b.CountsSoft).ToArray()}, {bounces.Select(b => b.Address).ToArray()}, {bounces.Select(b => b.ContactId).ToArray()},
                        {bounces.Select(b => b.MessageId).ToArray()}, {bounces.Select(b => (short?)b.Code).ToArray()}, {bounces.Select(b => b.Status).ToArray()},
                        {bounces.Select(b => b.ShortDetail).ToArray()}, {bounces.Select(b => b.InboundId).ToArray()})
                 as b (send_id, class, kind, counts, address, contact_id, message_id, code, status, detail, inbound_id)
            on conflict do nothing returning send_id, class
            """).ListAsync<Added>(transaction, cancellationToken)).ToHashSet();
        var fresh = bounces.Where(b => added.Contains(new(b.SendId, b.Class))).ToList();
        var weighed = fresh.Where(b => b.OfContact).ToList();
        var hard = weighed.Where(b => b.Counts == AddressCount.Hard).Select(b => b.Address).ToHashSet(StringComparer.Ordinal);
        hard.UnionWith(await TwiceAsync(transaction, accountId, weighed, now, cancellationToken));
        var tired = (await ThreeInARowAsync(transaction, accountId, [.. weighed.Where(b => b.CountsSoft && !hard.Contains(b.Address))], cancellationToken)).ToArray();
        await StopAsync(transaction, accountId, [.. hard], SuppressionReason.Hard, "bounced", now, cancellationToken);
        await StopAsync(transaction, accountId, tired, SuppressionReason.Soft, "three soft bounces in a row", now, cancellationToken);
        return fresh;
    }

    public BounceWeight Weigh(SmtpReply reply)
    {
        var verdict = ReplyClassifier.Classify(SmtpStage.Rcpt, reply);
        var name = SendResult.NameOf(verdict.Class);
        return new(name, EnumNames<BounceKind>.NameOf(Bounce.KindOf(name, verdict.Counts)));
    }

    /// <inheritdoc/>
    public async Task StopAsync(NpgsqlTransaction transaction, long accountId, IReadOnlyCollection<string> addresses, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (addresses.Count > 0)
        {
            await SendGate.CloseAsync(transaction, accountId, cancellationToken);
            await StopAsync(transaction, accountId, [.. addresses], SuppressionReason.Hard, "bounced", now, cancellationToken);
        }
    }

    private async Task StopAsync(
        NpgsqlTransaction transaction, long accountId, string[] addresses, SuppressionReason reason, string detail, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (addresses.Length == 0)
        {
            return;
        }

        await SuppressionBook.WriteAsync(transaction, accountId, addresses, reason, null, detail, now, cancellationToken);
        var contacts = await Sql.Of($"select id from contacts.contact where account_id = {accountId} and email = any ({addresses})").ListAsync<long>(transaction, cancellationToken);
        await subscriptions.MarkBouncedAsync(transaction, accountId, contacts, cancellationToken);
    }

    /// <summary>Two clear signs within a week are as good as a hard one.</summary>
    private static async Task<IEnumerable<string>> TwiceAsync(
        NpgsqlTransaction transaction, long accountId, List<Bounce> fresh, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var doubtful = fresh.Where(b => b.Counts == AddressCount.SoftTwice).ToList();
        return doubtful.Count == 0 ? [] : await Sql.Of($"""
            select address from messaging.bounce
            where account_id = {accountId} and address = any ({doubtful.Select(b => b.Address).ToArray()}) and bounced_at > {now.AddDays(-7)}
              and class = any ({doubtful.Select(b => b.Class).Distinct(StringComparer.Ordinal).ToArray()})
            group by address having count(distinct message_id) >= 2
            """).ListAsync<string>(transaction, cancellationToken);
    }

    /// <summary>
    /// From the mail that bounced backwards: softly bounced ones of how many messages, up to the first that was delivered. A mail counts as delivered only while
    /// nobody has told otherwise: behind a relay every mail is taken first, and comes back later.
    /// </summary>
    private static async Task<IEnumerable<string>> ThreeInARowAsync(
        NpgsqlTransaction transaction, long accountId, List<Bounce> soft, CancellationToken cancellationToken) => soft.Count == 0 ? [] : await Sql.Of($"""
        select a.address
        from unnest({soft.Select(b => b.Address).ToArray()}, {soft.Select(b => b.ContactId).ToArray()}, {soft.Select(b => b.SendId).ToArray()}) as a (address, contact_id, send_id)
        cross join lateral (
            select count(distinct x.message_id) as campaigns
            from (select s.message_id, b.counts, count(*) filter (where s.state = 'sent' and b.counts is null) over (order by s.id desc) as delivered
                  from (select id, message_id, state, sent_to from messaging.send
                        where account_id = {accountId} and contact_id = a.contact_id and id <= a.send_id and state in ('sent', 'failed') and to_address is null
                        order by id desc limit {LookBack}) s
                  left join lateral (select bool_or(counts) as counts from messaging.bounce b where b.account_id = {accountId} and b.send_id = s.id) b on true
                  where coalesce(lower(s.sent_to), a.address) = a.address) x
            where x.delivered = 0 and x.counts) n
        where n.campaigns >= {SoftLimit}
        """).ListAsync<string>(transaction, cancellationToken);

    private sealed record Added(long SendId, string Class);
}
