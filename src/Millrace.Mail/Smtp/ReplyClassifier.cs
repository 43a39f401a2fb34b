using System.Buffers;
using System.Text.RegularExpressions;

namespace Millrace.Mail.Smtp;

/// <summary>Turns an outcome into what to do. The rules stand in order; the first that matches wins.</summary>
public static partial class ReplyClassifier
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static readonly SearchValues<string> TooManyRecipients = Phrases("too many recipients", "too many rcpts");

    private static readonly SearchValues<string> Throttle = Phrases(
        "[TSS04]", "[IPTS04]", "TSS04", "IPTS04", "rate limit", "ratelimit", "rate-limit", "too many", "unusual rate", "temporarily deferred due to user complaints",
        "throttl", "sending rate", "too fast", "try again slower");

    private static readonly SearchValues<string> Greylisting = Phrases("greylist", "graylist", "grey-list", "gray-list", "grey list", "gray list", "postgrey");

    private static readonly SearchValues<string> Full = Phrases(
        "over quota", "overquota", "over the quota", "quota exceeded", "exceeded quota", "mailbox full", "mailbox is full", "inbox is full", "out of storage",
        "exceeded storage", "exceeded its storage", "over its storage");

    private static readonly SearchValues<string> UnknownUser = Phrases(
        "user unknown", "unknown user", "no such user", "no such recipient", "no such mailbox", "no such address", "unknown recipient", "recipient unknown",
        "user not found", "recipient not found", "mailbox not found", "address not found", "does not exist", "doesn't exist", "no mailbox here",
        "invalid mailbox", "invalid recipient", "unknown address", "unknown local part", "address unknown", "not a valid mailbox", "no valid recipient",
        "unrouteable address", "user does not have", "doesn't have a", "mailbox unavailable", "unknown or illegal alias", "recipient address rejected: undeliverable",
        "not our customer", "no account by that name", "no longer available", "addressee unknown", "unknown mailbox");

    private static readonly SearchValues<string> Refusal = Phrases(
        "spam", "blocked", "blocklist", "blacklist", "black list", "block list", "policy", "reputation", "denylist", "spamhaus", "barracuda", "unsolicited");

    private static readonly Rule[] Rules =
    [
        new(f => f.Accepted, new(ReplyClass.Sent, SendAction.Done, AddressCount.Clears)),

        // No reply, or none that makes sense. After handoff only the message's fate is open, whatever the cause.
        new(f => f.IsOtherError && f.HandedOff && !f.IsProtocolError, new(ReplyClass.HostDown, SendAction.Ambiguous, Delay: Minute)),
        new(f => f.IsTlsError, new(ReplyClass.Tls, SendAction.RetryLater, Alarm: true)),
        new(f => f.IsLoginError, new(ReplyClass.Account, SendAction.HoldAccount, Alarm: true)),
        new(f => f.IsProtocolError && f.HandedOff, new(ReplyClass.Protocol, SendAction.Ambiguous, Delay: Minute)),
        new(f => f.IsProtocolError, new(ReplyClass.Protocol, SendAction.RetryLater)),
        new(f => f.IsOtherError || f.Code == 0, new(ReplyClass.HostDown, SendAction.RetryLater)),
        new(f => f.Code is < 400 or > 599, new(ReplyClass.Protocol, SendAction.RetryLater)),

        new(f => f.Exactly(5, 1, 10), new(ReplyClass.BadDomain, SendAction.Fail, AddressCount.Hard)),
        new(f => f.Stage == SmtpStage.Tls && f.Code != 421, new(ReplyClass.Tls, SendAction.RetryLater, Alarm: true)),

        new(f => f.Code == 454, new(ReplyClass.Account, SendAction.HoldAccount, Delay: 5 * Minute, Alarm: true)),
        new(f => f.Code is 530 or 534 or 535 or 538, new(ReplyClass.Account, SendAction.HoldAccount, Alarm: true)),

        new(f => f.IsTemporary && IsSenderAuthentication(f), new(ReplyClass.AuthFailed, SendAction.RetryLater, Delay: Hour, Alarm: true)),
        new(IsSenderAuthentication, new(ReplyClass.AuthFailed, SendAction.HoldDomain, Alarm: true)),

        new(f => f.Code is 452 or 552 && (f.E(5, 3) || f.Says(TooManyRecipients)), new(ReplyClass.SessionLimit, SendAction.Retry)),
        new(
            f => f.IsTemporary && (f.Exactly(4, 7, 28) || f.Exactly(4, 7, 0) || f.Exactly(4, 7, 650) || f.Says(Throttle)),
            new(ReplyClass.Throttled, SendAction.RetryLater, Delay: 30 * Minute)),
        new(f => f.IsTemporary && f.Says(Greylisting), new(ReplyClass.Greylist, SendAction.RetryLater, Delay: 15 * Minute)),
        new(f => f.Code == 421, new(ReplyClass.Busy, SendAction.RetryLater)),
        new(f => f.E(2, 2) || f.Says(Full), new(ReplyClass.MailboxFull, SendAction.RetryThenFail, AddressCount.Soft, 24 * Hour)),
        new(f => f.IsTemporary, new(ReplyClass.Temporary, SendAction.RetryLater, AddressCount.SoftOnExpiry)),

        new(f => f.Exactly(5, 3, 4) || f.Exactly(5, 2, 3) || f.Code == 552, new(ReplyClass.TooBig, SendAction.Fail)),
        new(f => f.AtConnect, new(ReplyClass.HostBlock, SendAction.RetryLater)),
        new(f => f.Stage == SmtpStage.Mail, new(ReplyClass.SenderConfig, SendAction.HoldStream, Alarm: true)),
        new(f => f.Code is (>= 500 and <= 504) or 555, new(ReplyClass.OurBug, SendAction.Fail, Alarm: true)),

        new(f => f.AtRecipientOrDot && f.E(1, 1, 2, 3, 6), new(ReplyClass.NoUser, SendAction.Fail, AddressCount.Hard)),
        new(f => f.Code == 525 || f.E(2, 1) || f.E(7, 13, 17, 18), new(ReplyClass.Inactive, SendAction.Fail, AddressCount.Hard)),
        new(f => f.Stage == SmtpStage.Rcpt && f.Code == 550 && f.Exactly(5, 4, 1), new(ReplyClass.MaybeNoUser, SendAction.Fail, AddressCount.SoftTwice)),
        new(f => f.E(4), new(ReplyClass.Routing, SendAction.RetryThenFail, Delay: 24 * Hour)),
        new(f => f.E(6), new(ReplyClass.ContentForm, SendAction.Fail)),
        new(
            f => f.Stage == SmtpStage.Rcpt && f.Code is 550 or 551 or 553 && !f.HasEnhanced && f.Says(UnknownUser),
            new(ReplyClass.NoUser, SendAction.Fail, AddressCount.Hard)),
        new(f => f.E(7) || f.Says(Refusal), new(ReplyClass.Blocked, SendAction.Fail)),
        new(_ => true, new(ReplyClass.OtherPermanent, SendAction.Fail, AddressCount.Soft)),
    ];

    public static ReplyVerdict Classify(SmtpSendResult result)
    {
        var facts = new ReplyFacts(result);
        foreach (var rule in Rules)
        {
            if (rule.Matches(facts))
            {
                return rule.Verdict;
            }
        }

        throw new InvalidOperationException("The last rule matches everything.");
    }

    /// <summary>A reply known without a connection of ours, as in a bounce's Diagnostic-Code.</summary>
    public static ReplyVerdict Classify(SmtpStage stage, SmtpReply reply) =>
        Classify(new SmtpSendResult(reply.IsPositive && stage == SmtpStage.FinalDot ? SmtpStage.Done : stage, reply, HandedOff: false));

    private static bool IsSenderAuthentication(ReplyFacts f) =>
        f.E(7, 26, 27, 30, 31, 32, 40) || f.Exactly(5, 7, 515) || f.Says(SenderAuthentication);

    private static SearchValues<string> Phrases(params ReadOnlySpan<string> phrases) =>
        SearchValues.Create(phrases, StringComparison.OrdinalIgnoreCase);

    // Whole words: queue ids are full of three-letter runs.
    [GeneratedRegex(@"\b(SPF|DKIM|DMARC)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex SenderAuthentication { get; }

    private sealed record Rule(Func<ReplyFacts, bool> Matches, ReplyVerdict Verdict);
}
