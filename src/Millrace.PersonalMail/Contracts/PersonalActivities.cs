using Millrace.Kernel.Extensibility;

namespace Millrace.PersonalMail.Contracts;

/// <summary>A 1:1 e-mail to the contact was taken by the server it was given to. Origin: the automation's step that wrote it, if one did.</summary>
/// <param name="UserId">In whose name it went.</param>
/// <param name="MailboxId">Null: through the account's own server.</param>
[ActivityKind("personal.sent", Title = "1:1 e-mail sent", Group = "1:1 e-mail")]
public sealed record PersonalSent(long ContactId, [property: Subject("personal_mail")] long MailId, string MailSubject, long UserId, long? MailboxId = null) : IActivity;

/// <summary>A 1:1 e-mail could not be delivered: the server refused it at once, or told so later.</summary>
/// <param name="Class">Class of the reply, for example <c>no_user</c>, or why it was not sent.</param>
/// <param name="Reply">The server's words.</param>
/// <param name="Kind"><c>hard</c>, <c>soft</c> or <c>block</c>; null where no server refused it, and of mails through the account's own server.</param>
[ActivityKind("personal.bounced", Title = "1:1 e-mail not delivered", Group = "1:1 e-mail")]
public sealed record PersonalBounced(long ContactId, [property: Subject("personal_mail")] long MailId, string MailSubject, string Class, string? Reply = null,
    string? Kind = null) : IActivity;

/// <summary>The contact opened a 1:1 e-mail.</summary>
/// <param name="Machine">Why it is no person's doing; null when it is.</param>
[ActivityKind("personal.opened", Title = "1:1 e-mail opened", Group = "1:1 e-mail")]
public sealed record PersonalOpened(long ContactId, [property: Subject("personal_mail")] long MailId, string MailSubject, string? Machine = null) : IActivity;

/// <summary>The contact followed a link of a 1:1 e-mail.</summary>
/// <param name="Machine">As in <see cref="PersonalOpened"/>.</param>
[ActivityKind("personal.clicked", Title = "Link in a 1:1 e-mail clicked", Group = "1:1 e-mail")]
public sealed record PersonalClicked(long ContactId, [property: Subject("personal_mail")] long MailId, string MailSubject, string Url, string? Machine = null) : IActivity;

/// <summary>The contact answered a 1:1 e-mail; found in the mailbox it was sent from.</summary>
/// <param name="ReplySubject">Subject of the answer.</param>
[ActivityKind("personal.replied", Title = "1:1 e-mail answered", Group = "1:1 e-mail")]
public sealed record PersonalReplied(long ContactId, [property: Subject("personal_mail")] long MailId, string MailSubject, long ReplyId, string ReplySubject) : IActivity;

/// <summary>The contact fetched a file of a 1:1 e-mail.</summary>
/// <param name="File">Its name.</param>
[ActivityKind("personal.file_downloaded", Title = "File downloaded", Group = "1:1 e-mail")]
public sealed record PersonalFileDownloaded(long ContactId, [property: Subject("personal_mail")] long MailId, string MailSubject, string File, string? Machine = null) : IActivity;
