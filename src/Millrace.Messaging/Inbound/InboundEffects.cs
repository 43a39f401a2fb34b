using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Mail.Returned;
using Millrace.Mail.Smtp;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Links;
using Millrace.Messaging.Sending;
using Millrace.Messaging.Suppression;

namespace Millrace.Messaging.Inbound;

/// <summary>What an inbound mail came to.</summary>
/// <param name="Kind">As in <c>messaging.inbound_mail.kind</c>.</param>
/// <param name="Reason">Class of a bounce, or why nothing followed; null: nothing to say.</param>
/// <param name="ForwardTo">Where a reply goes on to.</param>
/// <param name="IsKept">False: it is of somebody who was erased, so nothing followed and the mail itself goes.</param>
internal sealed record InboundOutcome(
    string Kind, string? Reason = null, string Detail = "", long? SendId = null, long? ContactId = null, long? MessageId = null, string? ForwardTo = null, bool IsKept = true)
{
    public static readonly InboundOutcome OfErased = new("unmatched", IsKept: false);
}

/// <summary>Draws the consequences of one inbound mail, in the transaction that marks it as worked on.</summary>
internal sealed class InboundEffects(
    BounceBook bounces, LetterTeller letters, ITransactionalFeedback transactional, ISubscriptions subscriptions, IActivityLog activities, CompiledMessages messages, TokenKeys keys)
{
    /// <summary>Answers of one sender to one mail's address in a day that go on; more is two machines talking.</summary>
    private const int ForwardsPerDay = 10;

    private sealed record Send(
        long Id, long ContactId, long MessageId, long VersionId, string? SentTo, string? ToAddress, SendSourceKind Source, long? AutomationId, string? StepKey, long SourceId,
        short RecipientNo, bool IsErased)
    {
        /// <summary>Whether it was to a contact and no test.</summary>
        public bool IsOfContact => ContactId > 0 && ToAddress is null && Source != SendSourceKind.Test;

        public ActivityOrigin? Origin => AutomationId is { } automation ? new(automation, StepKey!) : null;
    }

    public async Task<InboundOutcome> ApplyAsync(AccountTransaction work, InboundRow row, ReturnedMail mail, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (mail.Kind == ReturnedKind.Complaint)
        {
            return await ComplaintAsync(work, row, mail.Feedback!, now, cancellationToken);
        }

        // Without a token of ours it changes nothing, whatever it says.
        if (row.SendId is not { } id || row.Purpose is InboundPurpose.Other or InboundPurpose.Feedback
            || await FindAsync(work, row.AccountId, id, cancellationToken) is not { } send)
        {
            return new("unmatched", row.Purpose == InboundPurpose.Other ? "no_token" : row.Purpose == InboundPurpose.Feedback ? "no_report" : "no_such_mail", DetailOf(mail));
        }

        if (send.IsErased)
        {
            return InboundOutcome.OfErased;
        }

        return mail.Kind switch
        {
            ReturnedKind.Bounce => row.Purpose == InboundPurpose.Bounce
                ? await BounceAsync(work, row, send, mail.Reports[0], now, cancellationToken) : new("auto_reply", "bounce_of_forward", DetailOf(mail)),
            ReturnedKind.Delay => new("delay", "delayed", DetailOf(mail)),
            ReturnedKind.Receipt => new("receipt", null, DetailOf(mail)),
            ReturnedKind.AutoReply => new("auto_reply"),
            _ => row.Purpose == InboundPurpose.Reply ? await ReplyAsync(work, row, send, mail, now, cancellationToken) : new("reply", "to_return_path"),
        };
    }

    private async Task<InboundOutcome> BounceAsync(
        AccountTransaction work, InboundRow row, Send send, DeliveryReport report, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var verdict = ReplyClassifier.Classify(SmtpStage.Rcpt, report.Reply);
        var name = SendResult.NameOf(verdict.Class);
        if (send.Source == SendSourceKind.Test)
        {
            return new("bounce", name, report.Reply.ToString());
        }

        // From the commit on nothing more goes to an address that this makes unusable.
        await SendGate.CloseAsync(work.Transaction, row.AccountId, cancellationToken);
        var bounce = new Bounce(
            send.Id, send.ContactId, send.MessageId, (send.SentTo ?? report.Recipient).ToLowerInvariant(), Bounce.KindOf(name, verdict.Counts), name, verdict.Counts,
            report.Reply.Code, report.Status, OutsideText.Clean(report.Reply.Text, 1_000), row.Id, send.IsOfContact);
        var fresh = await bounces.WriteAsync(work.Transaction, row.AccountId, [bounce], now, cancellationToken);
        if (fresh.Count > 0 && send.Source == SendSourceKind.Personal)
        {
            await letters.BouncedAsync(
                work.Transaction, row.AccountId, send.SourceId, send.RecipientNo, name, OutsideText.Clean(report.Reply.ToString(), 1_000), now, cancellationToken);
        }
        else if (fresh.Count > 0 && send.IsOfContact)
        {
            var activity = new EmailBounced(
                send.ContactId, send.MessageId, send.Id, bounce.Kind == BounceKind.Hard, name, bounce.Code, EnumNames<BounceKind>.NameOf(bounce.Kind));
            await activities.AppendAsync(work.Transaction, row.AccountId, [new DatedActivity(activity, now, send.Origin)], cancellationToken);
        }

        if (fresh.Count > 0 && send.Source == SendSourceKind.Transactional)
        {
            await transactional.BouncedAsync(
                work.Transaction, row.AccountId, send.Id, verdict.Counts == AddressCount.Hard, name, OutsideText.Clean(report.Reply.ToString(), 1_000), cancellationToken);
        }

        return new("bounce", name, report.Reply.ToString());
    }

    private async Task<InboundOutcome> ComplaintAsync(
        AccountTransaction work, InboundRow row, FeedbackReport report, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // By the address it came to, by a token in the mail it returns, or by the mail's number where only the provider knows the address.
        var id = row.Purpose is InboundPurpose.Bounce or InboundPurpose.Reply ? row.SendId : OurTokens.SendOf(report.Original, row.AccountId, keys)
            ?? (row.Purpose == InboundPurpose.Feedback ? OurTokens.SendOfMessageId(report.Original, row.AccountId) : null);
        if (id is null && row.Purpose == InboundPurpose.Feedback && OurTokens.GuidOf(report.Original) is { } guid)
        {
            id = await transactional.SendOfAsync(work.Transaction, row.AccountId, guid, report.Recipient, cancellationToken);
        }

        if (id is not { } known || await FindAsync(work, row.AccountId, known, cancellationToken) is not { } send)
        {
            return new("unmatched", "no_token", report.Type);
        }

        if (send.IsErased)
        {
            return InboundOutcome.OfErased;
        }

        var outcome = new InboundOutcome("complaint", report.Type, report.Source, send.Id, send.ContactId, send.MessageId);
        var isFirst = !await Sql.Of($"""
            select exists (select 1 from messaging.inbound_mail where account_id = {row.AccountId} and send_id = {send.Id} and kind = 'complaint' and id <> {row.Id})
            """).FirstAsync<bool>(work, cancellationToken);
        if (isFirst && send.Source == SendSourceKind.Transactional)
        {
            await SendGate.CloseAsync(work.Transaction, row.AccountId, cancellationToken);
            await transactional.ComplainedAsync(
                work.Transaction, row.AccountId, send.Id, OutsideText.Clean($"{report.Type} {report.Source}".Trim(), 200), cancellationToken);
        }

        if (send is { Source: SendSourceKind.Forward, SentTo: { } friend })
        {
            await SendGate.CloseAsync(work.Transaction, row.AccountId, cancellationToken);
            await SuppressionBook.WriteAsync(
                work.Transaction, row.AccountId, [friend], SuppressionReason.Complaint, send.Id, "reported a forwarded mail as spam", now, cancellationToken);
        }

        if (!send.IsOfContact || send.SentTo is null)
        {
            return outcome;
        }

        await SendGate.CloseAsync(work.Transaction, row.AccountId, cancellationToken);
        await SuppressionBook.WriteAsync(
            work.Transaction, row.AccountId, [send.SentTo], SuppressionReason.Complaint, send.Id, "reported as spam", now, cancellationToken);
        await subscriptions.UnsubscribeAsync(work.Transaction, row.AccountId, [send.ContactId], null, "email", "complaint", cancellationToken, send.Origin);
        if (isFirst)
        {
            var activity = new EmailComplained(send.ContactId, send.MessageId, send.Id, report.Type, report.Source.Length > 0 ? OutsideText.Clean(report.Source, 200) : null);
            await activities.AppendAsync(work.Transaction, row.AccountId, [new DatedActivity(activity, now, send.Origin)], cancellationToken);
        }

        return outcome;
    }

    private async Task<InboundOutcome> ReplyAsync(
        AccountTransaction work, InboundRow row, Send send, ReturnedMail mail, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Who hears no answer to a mail that was stored (the line broke, we died) sends it again, byte for byte.
        if (await Sql.Of($"""
            select exists (select 1 from messaging.inbound_mail where account_id = {row.AccountId} and send_id = {send.Id} and kind = 'reply' and id <> {row.Id} and raw = {row.Raw})
            """).FirstAsync<bool>(work, cancellationToken))
        {
            return new("reply", "repeated");
        }

        var sender = ProcessInbound.SenderOf(mail.Mail);
        var message = await messages.FindAsync(work.Transaction, row.AccountId, send.VersionId, cancellationToken);
        var real = message is null ? "" : message.Version.ReplyTo.Length > 0 ? message.Version.ReplyTo : message.FromAddress;
        var recent = await Sql.Of($"""
            select count(*) from messaging.inbound_mail
            where account_id = {row.AccountId} and send_id = {send.Id} and kind = 'reply' and sender = {sender} and received_at > {now.AddDays(-1)}
            """).FirstAsync<long>(work, cancellationToken);
        var isLoop = recent >= ForwardsPerDay || mail.Mail.Root.Header(ForwardedMail.Mark) is not null;
        if (send.IsOfContact && !isLoop)
        {
            var activity = new EmailReplied(send.ContactId, send.MessageId, send.Id, OutsideText.Clean(mail.Mail.Subject, 300), row.Id);
            await activities.AppendAsync(work.Transaction, row.AccountId, [new DatedActivity(activity, now, send.Origin)], cancellationToken);
        }

        return new("reply", isLoop ? "loop" : null, "", ForwardTo: isLoop || real.Length == 0 ? null : real);
    }

    private static string DetailOf(ReturnedMail mail) => mail.Reports is [var report, ..] ? report.Reply.ToString() : mail.Feedback?.Type ?? "";

    private static Task<Send?> FindAsync(AccountTransaction work, long accountId, long sendId, CancellationToken cancellationToken) => Sql.Of($"""
        select id, contact_id, message_id, message_version_id, sent_to, to_address, source_kind, automation_id, step_key, source_id, recipient_no, erased_at is not null
        from messaging.send where account_id = {accountId} and id = {sendId}
        """).FirstAsync<Send>(work, cancellationToken);
}
