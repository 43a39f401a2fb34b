using System.ComponentModel;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Messaging.Contracts;

namespace Millrace.Messaging.Automations;

/// <summary>Starts when a person opens a mail. Proxies and scanners do not count.</summary>
[AutomationTrigger("email.opened", Title = "E-mail is opened", Group = "E-mail",
    Description = "Starts when a person opens a mail. Opens by machines do not count.")]
internal sealed class EmailOpenedTrigger : MailTrigger<EmailOpened, EmailOpenedTrigger.Settings>
{
    internal sealed record Settings
    {
        [Description("Message to watch; empty means any."), Picker("message")]
        public long? Message { get; init; }
    }

    public override bool Matches(EmailOpened activity, Settings settings) =>
        activity.Machine is null && (settings.Message is null || settings.Message == activity.MessageId);

    protected override long SendOf(EmailOpened activity) => activity.SendId;
}

/// <summary>Starts when a person follows a link of a mail. Scanners do not count.</summary>
[AutomationTrigger("email.clicked", Title = "Link in an e-mail is clicked", Group = "E-mail",
    Description = "Starts when a person follows a link of a mail. Scanners do not count.")]
internal sealed class EmailClickedTrigger : MailTrigger<EmailClicked, EmailClickedTrigger.Settings>
{
    internal sealed record Settings
    {
        [Description("Message to watch; empty means any."), Picker("message")]
        public long? Message { get; init; }

        [Description("Link as written in the message; empty means any."), MaxCharacters(2048)]
        public string? Link { get; init; }
    }

    public override bool Matches(EmailClicked activity, Settings settings) => activity.Machine is null
        && (settings.Message is null || settings.Message == activity.MessageId)
        && (string.IsNullOrEmpty(settings.Link) || string.Equals(settings.Link, activity.Url, StringComparison.Ordinal));

    protected override long SendOf(EmailClicked activity) => activity.SendId;
}

/// <summary>Starts when a mail to the contact could not be delivered for good.</summary>
[AutomationTrigger("email.bounced", Title = "E-mail bounces", Group = "E-mail",
    Description = "Starts when a mail to the contact could not be delivered.")]
internal sealed class EmailBouncedTrigger : MailTrigger<EmailBounced, EmailBouncedTrigger.Settings>
{
    internal sealed record Settings
    {
        [Description("Message to watch; empty means any."), Picker("message")]
        public long? Message { get; init; }

        [Description("Only bounces that make the address unusable.")]
        public bool HardOnly { get; init; }
    }

    public override bool Matches(EmailBounced activity, Settings settings) =>
        (settings.Message is null || settings.Message == activity.MessageId) && (activity.Hard || !settings.HardOnly);

    protected override long SendOf(EmailBounced activity) => activity.SendId;
}

/// <summary>Starts when the contact, or their provider for them, says that a mail is spam.</summary>
[AutomationTrigger("email.complained", Title = "E-mail is reported as spam", Group = "E-mail",
    Description = "Starts when the contact, or their provider for them, says that a mail is spam.")]
internal sealed class EmailComplainedTrigger : MailTrigger<EmailComplained, EmailComplainedTrigger.Settings>
{
    internal sealed record Settings
    {
        [Description("Message to watch; empty means any."), Picker("message")]
        public long? Message { get; init; }
    }

    public override bool Matches(EmailComplained activity, Settings settings) => settings.Message is null || settings.Message == activity.MessageId;

    protected override long SendOf(EmailComplained activity) => activity.SendId;
}

/// <summary>Starts when a person answers a mail whose replies are tracked. Absence notes do not count.</summary>
[AutomationTrigger("email.replied", Title = "E-mail is answered", Group = "E-mail",
    Description = "Starts when a person answers a mail whose replies are tracked. Absence notes do not count.")]
internal sealed class EmailRepliedTrigger : MailTrigger<EmailReplied, EmailRepliedTrigger.Settings>
{
    internal sealed record Settings
    {
        [Description("Message to watch; empty means any."), Picker("message")]
        public long? Message { get; init; }
    }

    public override bool Matches(EmailReplied activity, Settings settings) => settings.Message is null || settings.Message == activity.MessageId;

    protected override long SendOf(EmailReplied activity) => activity.SendId;
}

/// <summary>Starts when a contact forwards a mail to friends, through the page behind <c>%FORWARD2FRIEND%</c>.</summary>
[AutomationTrigger("email.forwarded", Title = "E-mail is forwarded to a friend", Group = "E-mail",
    Description = "Starts when the contact forwards a mail to friends, through the page for it.")]
internal sealed class EmailForwardedTrigger : MailTrigger<EmailForwarded, EmailForwardedTrigger.Settings>
{
    internal sealed record Settings
    {
        [Description("Message to watch; empty means any."), Picker("message")]
        public long? Message { get; init; }
    }

    public override bool Matches(EmailForwarded activity, Settings settings) => settings.Message is null || settings.Message == activity.MessageId;

    protected override long SendOf(EmailForwarded activity) => activity.SendId;
}

/// <summary>Starts when a contact shares a mail on a social network.</summary>
[AutomationTrigger("email.shared", Title = "E-mail is shared", Group = "E-mail",
    Description = "Starts when the contact shares a mail on a social network.")]
internal sealed class EmailSharedTrigger : MailTrigger<EmailShared, EmailSharedTrigger.Settings>
{
    internal sealed record Settings
    {
        [Description("Message to watch; empty means any."), Picker("message")]
        public long? Message { get; init; }

        [Description("Where it is shared; empty means anywhere.")]
        public SharedOn? Network { get; init; }
    }

    public override bool Matches(EmailShared activity, Settings settings) =>
        (settings.Message is null || settings.Message == activity.MessageId)
        && (settings.Network is not { } network || activity.Network == EnumNames<SharedOn>.NameOf(network));

    protected override long SendOf(EmailShared activity) => activity.SendId;
}

/// <summary>The networks that mails are shared on, as activities name them.</summary>
internal enum SharedOn
{
    Facebook,
    X,

    [Label("LinkedIn")]
    Linkedin,
    Pinterest,
    Reddit,

    [Label("WhatsApp")]
    Whatsapp,
    Bluesky,
}
