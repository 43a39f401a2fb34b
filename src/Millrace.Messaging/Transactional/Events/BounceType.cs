namespace Millrace.Messaging.Transactional.Events;

/// <summary>What a bounce is called towards programs: name, number and words as Postmark's clients know them.</summary>
internal sealed record BounceType(string Key, int Code, string Name, string Description)
{
    public static readonly BounceType Hard = new("HardBounce", 1, "Hard bounce", "The receiving server says that this address does not exist or takes no mail.");
    public static readonly BounceType Complaint = new("SpamComplaint", 100001, "Spam complaint", "The reader marked the mail as spam.");
    private static readonly BounceType Soft = new("SoftBounce", 4096, "Soft bounce", "The mail could not be delivered for now, and the time for trying is over.");
    private static readonly BounceType Unknown = new("Unknown", 2048, "Unknown", "The receiving server refused the mail for a reason that could not be told.");

    /// <summary>All that can occur, for tables of statistics.</summary>
    public static readonly IReadOnlyList<BounceType> All =
    [
        Hard, new("Transient", 2, "Message delayed", "The receiving server took the mail but could not deliver it yet."),
        new("Unsubscribe", 16, "Unsubscribe request", "Asks to be taken off."), new("Subscribe", 32, "Subscribe request", "Asks to be put on."),
        new("AutoResponder", 64, "Auto responder", "An automatic answer."), new("AddressChange", 128, "Address change", "The reader has another address now."),
        new("DnsError", 256, "DNS error", "The domain of the address does not exist or takes no mail."),
        new("SpamNotification", 512, "Spam notification", "The mail was taken for spam."), new("OpenRelayTest", 1024, "Open relay test", "The mail was taken for a test."),
        Unknown, Soft, new("VirusNotification", 8192, "Virus notification", "The mail was taken for a virus."),
        new("ChallengeVerification", 16384, "Spam challenge verification", "The reader wants the sender to confirm himself."),
        new("BadEmailAddress", 100000, "Invalid email address", "This is no address."), Complaint,
        new("ManuallyDeactivated", 100002, "Manually deactivated", "The address was taken out by hand."),
        new("Unconfirmed", 100003, "Registration not confirmed", "The sender's domain is not verified."),
        new("Blocked", 100006, "ISP block", "The receiving server refuses mail from here."),
        new("SMTPApiError", 100007, "SMTP API error", "The mail could not be written."), new("InboundError", 100008, "Inbound error", "A mail that came in could not be handed on."),
        new("DMARCPolicy", 100009, "DMARC policy", "The domain's policy had the mail refused."),
        new("TemplateRenderingFailed", 100010, "Template rendering failed", "The template could not be filled."),
    ];

    private static readonly Dictionary<string, BounceType> ByKey = All.ToDictionary(t => t.Key, StringComparer.Ordinal);

    public static BounceType Of(string? key) => ByKey.GetValueOrDefault(key ?? "", Unknown);

    /// <param name="class">Class of the reply in the ledger, or why it was given up.</param>
    public static BounceType OfClass(string @class, bool hard) => @class switch
    {
        "bad_domain" => Of("DnsError"),
        "blocked" => Of("Blocked"),
        "auth_failed" => Of("DMARCPolicy"),
        "sender_not_verified" or "no_sender" => Of("Unconfirmed"),
        "render_failed" or "too_big" or "content_form" => Of("SMTPApiError"),
        _ when hard => Hard,
        "no_user" or "inactive" => Hard,
        "mailbox_full" or "maybe_no_user" or "temporary" or "expired" or "greylist" or "throttled" or "busy" or "host_down" or "routing" => Soft,
        _ => Unknown,
    };
}
