namespace Millrace.Mail.Smtp;

/// <summary>What a reply, or the lack of one, means. The names are stored and shown: never renamed.</summary>
public enum ReplyClass
{
    Sent,
    HostDown,
    BadDomain,
    Tls,
    Protocol,
    Account,
    AuthFailed,
    SessionLimit,
    Throttled,
    Greylist,
    Busy,
    MailboxFull,
    Temporary,
    TooBig,
    HostBlock,
    SenderConfig,
    OurBug,
    NoUser,
    Inactive,
    MaybeNoUser,
    Routing,
    ContentForm,
    Blocked,
    OtherPermanent,
}

public enum SendAction
{
    Done,

    /// <summary>At once, on a new connection.</summary>
    Retry,

    /// <summary>After <see cref="ReplyVerdict.Delay"/>, or by the schedule when that is null.</summary>
    RetryLater,

    /// <summary>Once, after <see cref="ReplyVerdict.Delay"/>; the next answer of this class is final.</summary>
    RetryThenFail,

    Fail,

    /// <summary>Pause what uses this account of the sending server (for the delay, if given); no attempt is counted.</summary>
    HoldAccount,

    /// <summary>Hold the sending domain for the recipient's provider.</summary>
    HoldDomain,

    /// <summary>Hold the stream of mail.</summary>
    HoldStream,

    /// <summary>The other side may have the message: wait <see cref="ReplyVerdict.Delay"/>, then send the same Message-ID again.</summary>
    Ambiguous,
}

/// <summary>What a reply counts against the recipient's address.</summary>
public enum AddressCount
{
    None,

    /// <summary>One of three on different days.</summary>
    Soft,

    /// <summary>One of two within seven days.</summary>
    SoftTwice,

    /// <summary>Soft, once, when the retries end without delivery.</summary>
    SoftOnExpiry,
    Hard,

    /// <summary>A delivery: earlier soft ones are forgotten.</summary>
    Clears,
}

/// <summary>What to do with one message after one attempt.</summary>
/// <param name="Delay">A least time to wait; null = the schedule decides.</param>
/// <param name="Alarm">An operator should know.</param>
public sealed record ReplyVerdict(
    ReplyClass Class, SendAction Action, AddressCount Counts = AddressCount.None, TimeSpan? Delay = null, bool Alarm = false);
