using Millrace.Mail.Mime;
using Millrace.Mail.Smtp;

namespace Millrace.Messaging.Sending;

/// <summary>A mail in memory, rendered and signed, on its way to the network.</summary>
internal sealed class Parcel(DueSend send, long epoch, MailBuffer bytes, SmtpEnvelope envelope, string subject, Action? released = null) : IDisposable
{
    private Action? _released = released;

    public DueSend Send { get; } = send;

    public SendKey Key => Send.Key;

    /// <summary>Epoch of its bucket's lease when it was claimed.</summary>
    public long Epoch { get; } = epoch;

    public MailBuffer Bytes { get; } = bytes;

    public SmtpEnvelope Envelope { get; } = envelope;

    public string Subject { get; } = subject;

    /// <summary>Number of the attempt it is on, from 1.</summary>
    public short Attempt => (short)(Send.Attempts + 1);

    /// <summary>The recipient's domain, lower case: what caps go by.</summary>
    public string Domain { get; } = envelope.To[(envelope.To.LastIndexOf('@') + 1)..].ToLowerInvariant();

    /// <summary>The account's own cap for this domain, beside the server's; null: none.</summary>
    public DomainCap? Limit { get; init; }

    /// <summary>What it waits in line for: the domain, within an account that has a cap of its own for it.</summary>
    public string Line => Limit is null ? Domain : $"{Send.AccountId}/{Domain}";

    /// <summary>The account has other servers: one that refuses our login is passed over instead of holding up all mail.</summary>
    public bool HasOtherWays { get; init; }

    /// <summary>Domain of the From address, lower case.</summary>
    public string SenderDomain { get; init; } = "";

    /// <summary>Server it goes by; 0 = the account's first.</summary>
    public long ServerId { get; init; }

    /// <summary>It tries whether a hold may end.</summary>
    public bool IsProbe { get; init; }

    /// <summary>The hand-over is committed: the other side may get it from now on.</summary>
    public bool HandedOver { get; set; }

    public void Dispose()
    {
        Bytes.Dispose();
        Interlocked.Exchange(ref _released, null)?.Invoke();
    }
}
