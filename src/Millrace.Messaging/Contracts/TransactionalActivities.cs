using Millrace.Kernel.Extensibility;

namespace Millrace.Messaging.Contracts;

/// <summary>A transactional mail to an address of the contact was taken by the receiving server.</summary>
/// <param name="Title">Subject of the mail.</param>
[ActivityKind("transactional.delivered", Title = "Transactional e-mail delivered", Group = "E-mail")]
public sealed record TransactionalDelivered(long ContactId, [property: Subject("mail_stream")] long StreamId, long MailId, string? Tag, string Title) : IActivity;

/// <summary>A transactional mail to an address of the contact could not be delivered for good.</summary>
/// <param name="Type">As in <c>docs/transactional.md</c>, for example <c>HardBounce</c>.</param>
[ActivityKind("transactional.bounced", Title = "Transactional e-mail bounced", Group = "E-mail")]
public sealed record TransactionalBounced(
    long ContactId, [property: Subject("mail_stream")] long StreamId, long MailId, string? Tag, string Title, string Type) : IActivity;

/// <summary>The contact opened a transactional mail.</summary>
/// <param name="Machine">As in <see cref="EmailOpened"/>.</param>
[ActivityKind("transactional.opened", Title = "Transactional e-mail opened", Group = "E-mail")]
public sealed record TransactionalOpened(
    long ContactId, [property: Subject("mail_stream")] long StreamId, long MailId, string? Tag, string Title, string? Machine = null) : IActivity;

/// <summary>The contact followed a link of a transactional mail.</summary>
/// <param name="Machine">As in <see cref="EmailClicked"/>.</param>
[ActivityKind("transactional.clicked", Title = "Link in a transactional e-mail clicked", Group = "E-mail")]
public sealed record TransactionalClicked(
    long ContactId, [property: Subject("mail_stream")] long StreamId, long MailId, string? Tag, string Title, string Url, string? Machine = null) : IActivity;
