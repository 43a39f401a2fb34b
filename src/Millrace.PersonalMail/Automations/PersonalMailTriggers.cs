using System.ComponentModel;
using Millrace.Kernel.Extensibility;
using Millrace.PersonalMail.Contracts;

namespace Millrace.PersonalMail.Automations;

/// <summary>What 1:1 triggers have in common.</summary>
internal static class SubjectWords
{
    public static bool Fit(string? wanted, string subject) => string.IsNullOrEmpty(wanted) || subject.Contains(wanted, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Starts when a 1:1 e-mail to the contact has been sent.</summary>
[AutomationTrigger("personal.sent", Title = "1:1 e-mail is sent", Group = "1:1 e-mail",
    Description = "Starts when a 1:1 e-mail to the contact has been sent.")]
internal sealed class PersonalSentTrigger : AutomationTrigger<PersonalSent, PersonalSentTrigger.Settings>
{
    internal sealed record Settings
    {
        [Description("Words the subject holds; empty means any."), MaxCharacters(200)]
        public string? Subject { get; init; }

        [Description("In whose name it went; empty means anybody's."), Picker("user")]
        public long? User { get; init; }
    }

    public override bool Matches(PersonalSent activity, Settings settings) =>
        SubjectWords.Fit(settings.Subject, activity.MailSubject) && (settings.User is null || settings.User == activity.UserId);
}

/// <summary>Starts when a person opens a 1:1 e-mail for the first time.</summary>
[AutomationTrigger("personal.opened", Title = "1:1 e-mail is opened", Group = "1:1 e-mail",
    Description = "Starts when a person opens a 1:1 e-mail for the first time.")]
internal sealed class PersonalOpenedTrigger : AutomationTrigger<PersonalOpened, PersonalOpenedTrigger.Settings>
{
    internal sealed record Settings
    {
        [Description("Words the subject holds; empty means any."), MaxCharacters(200)]
        public string? Subject { get; init; }
    }

    public override bool Matches(PersonalOpened activity, Settings settings) => activity.Machine is null && SubjectWords.Fit(settings.Subject, activity.MailSubject);
}

/// <summary>Starts when a person follows a link of a 1:1 e-mail.</summary>
[AutomationTrigger("personal.clicked", Title = "Link in a 1:1 e-mail is clicked", Group = "1:1 e-mail",
    Description = "Starts when a person follows a link of a 1:1 e-mail.")]
internal sealed class PersonalClickedTrigger : AutomationTrigger<PersonalClicked, PersonalClickedTrigger.Settings>
{
    internal sealed record Settings
    {
        [Description("Words the subject holds; empty means any."), MaxCharacters(200)]
        public string? Subject { get; init; }

        [Description("The link itself; empty means any."), MaxCharacters(2048)]
        public string? Link { get; init; }
    }

    public override bool Matches(PersonalClicked activity, Settings settings) => activity.Machine is null && SubjectWords.Fit(settings.Subject, activity.MailSubject)
        && (string.IsNullOrEmpty(settings.Link) || string.Equals(settings.Link, activity.Url, StringComparison.Ordinal));
}

/// <summary>Starts when the contact answers a 1:1 e-mail that went from a connected mailbox.</summary>
[AutomationTrigger("personal.replied", Title = "1:1 e-mail is answered", Group = "1:1 e-mail",
    Description = "Starts when the contact answers a 1:1 e-mail that went from a connected mailbox.")]
internal sealed class PersonalRepliedTrigger : AutomationTrigger<PersonalReplied, PersonalRepliedTrigger.Settings>
{
    internal sealed record Settings
    {
        [Description("Words the subject holds; empty means any."), MaxCharacters(200)]
        public string? Subject { get; init; }
    }

    public override bool Matches(PersonalReplied activity, Settings settings) => SubjectWords.Fit(settings.Subject, activity.MailSubject);
}

/// <summary>Starts when the contact fetches a file of a 1:1 e-mail.</summary>
[AutomationTrigger("personal.file_downloaded", Title = "File is downloaded", Group = "1:1 e-mail",
    Description = "Starts when the contact fetches a file of a 1:1 e-mail.")]
internal sealed class FileDownloadedTrigger : AutomationTrigger<PersonalFileDownloaded, FileDownloadedTrigger.Settings>
{
    internal sealed record Settings
    {
        [Description("Name of the file with its ending, exactly; empty means any."), MaxCharacters(200)]
        public string? File { get; init; }
    }

    public override bool Matches(PersonalFileDownloaded activity, Settings settings) => activity.Machine is null
        && (string.IsNullOrEmpty(settings.File) || string.Equals(settings.File, activity.File, StringComparison.OrdinalIgnoreCase));
}
