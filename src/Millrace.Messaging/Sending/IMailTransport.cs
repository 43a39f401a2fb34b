using Millrace.Mail.Smtp;

namespace Millrace.Messaging.Sending;

/// <summary>Where mails go: a mail server, or the catcher.</summary>
internal interface IMailTransport : IAsyncDisposable
{
    /// <summary>Lines that may be open at once, at least 1.</summary>
    int MaxLines { get; }

    /// <summary>Whether a recipient's provider paces us: not where the mail never leaves.</summary>
    bool IsPaced { get; }

    /// <summary>A line for one mail after another, or the reason why there is none.</summary>
    Task<(IMailLine? Line, SmtpSendResult? Failure)> OpenAsync(CancellationToken cancellationToken);
}

/// <summary>One connection.</summary>
internal interface IMailLine : IAsyncDisposable
{
    /// <summary>False: dispose it and open another.</summary>
    bool IsReusable { get; }

    /// <summary>Hands one mail over. Never throws for what the peer does.</summary>
    Task<SmtpSendResult> SendAsync(Parcel parcel);
}
