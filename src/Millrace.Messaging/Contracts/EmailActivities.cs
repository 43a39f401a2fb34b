using Millrace.Kernel.Extensibility;

namespace Millrace.Messaging.Contracts;

/// <summary>The receiving server took the mail. Origin: the automation's step that queued it.</summary>
[ActivityKind("email.sent", Title = "E-mail sent", Group = "E-mail")]
public sealed record EmailSent(long ContactId, [property: Subject("message")] long MessageId, long SendId) : IActivity;

/// <summary>The mail could not be delivered for good.</summary>
/// <param name="Hard">The address itself is bad; otherwise the fault may pass.</param>
/// <param name="Class">Class of the reply, for example <c>no_user</c> or <c>blocked</c>.</param>
/// <param name="Code">SMTP reply code, if the server gave one.</param>
/// <param name="Type"><c>hard</c>, <c>soft</c> (the fault may pass) or <c>block</c> (the receiver did not want it of us). Null in activities of before it was told.</param>
[ActivityKind("email.bounced", Title = "E-mail bounced", Group = "E-mail")]
public sealed record EmailBounced(
    long ContactId, [property: Subject("message")] long MessageId, long SendId, bool Hard, string Class, int? Code, string? Type = null) : IActivity;

/// <summary>The contact, or their provider for them, said that the mail is spam.</summary>
/// <param name="Type">As the provider calls it: <c>abuse</c>, <c>fraud</c> ...</param>
/// <param name="Provider">Program that reported it; null when it did not say.</param>
[ActivityKind("email.complained", Title = "E-mail reported as spam", Group = "E-mail")]
public sealed record EmailComplained(long ContactId, [property: Subject("message")] long MessageId, long SendId, string Type, string? Provider = null) : IActivity;

/// <summary>A person answered the mail.</summary>
/// <param name="MailSubject">Subject of the answer.</param>
/// <param name="InboundId">The answer itself, among the inbound mails while it is kept.</param>
[ActivityKind("email.replied", Title = "E-mail answered", Group = "E-mail")]
public sealed record EmailReplied(long ContactId, [property: Subject("message")] long MessageId, long SendId, string MailSubject, long InboundId) : IActivity;

/// <summary>The contact sent the mail on to friends, through the page behind <c>%FORWARD2FRIEND%</c>.</summary>
/// <param name="Friends">How many addresses the form named.</param>
[ActivityKind("email.forwarded", Title = "E-mail forwarded to a friend", Group = "E-mail")]
public sealed record EmailForwarded(long ContactId, [property: Subject("message")] long MessageId, long SendId, int Friends) : IActivity;

/// <summary>The contact followed one of the mail's links for sharing. Machines that follow links share nothing.</summary>
/// <param name="Network"><c>facebook</c>, <c>x</c>, <c>linkedin</c>, <c>pinterest</c>, <c>reddit</c>, <c>whatsapp</c> or <c>bluesky</c>.</param>
[ActivityKind("email.shared", Title = "E-mail shared", Group = "E-mail")]
public sealed record EmailShared(long ContactId, [property: Subject("message")] long MessageId, long SendId, string Network) : IActivity;

/// <summary>The mail's pixel was loaded, or a link clicked without it.</summary>
/// <param name="Machine">
/// Why it does not count as the contact's doing: <c>privacy</c> (the mailbox fetches everything, read or not), or, while the account filters machines, what
/// stands in <paramref name="Suspect"/> otherwise. Null: it counts.
/// </param>
/// <param name="Country">Where it came from, as <see cref="Millrace.Contacts.Contracts.Place"/> has it; this and the following only where known, and of machines only the client.</param>
/// <param name="Device">As <see cref="Millrace.Contacts.Contracts.Agent"/> has it.</param>
/// <param name="Client">Mail program or browser.</param>
/// <param name="Suspect">Why it looks like a machine's doing though it counts, since the account did not filter machines then: <c>scanner</c>, <c>prefetch</c>,
/// <c>too_soon</c>, <c>hidden_link</c>, <c>known_network</c>, and of clicks <c>many_links</c>.</param>
[ActivityKind("email.opened", Title = "E-mail opened", Group = "E-mail")]
public sealed record EmailOpened(
    long ContactId, [property: Subject("message")] long MessageId, long SendId, string? Machine = null, string? Country = null, string? Region = null,
    string? City = null, string? Device = null, string? Os = null, string? Client = null, string? Suspect = null) : IActivity;

/// <summary>A link of the mail was followed.</summary>
/// <param name="Link">Number in the version's link table, from 1.</param>
/// <param name="Url">The link as the author wrote it, tags unmerged.</param>
/// <param name="Machine">As in <see cref="EmailOpened"/>.</param>
/// <param name="Country">This and the following: as in <see cref="EmailOpened"/>.</param>
[ActivityKind("email.clicked", Title = "E-mail link clicked", Group = "E-mail")]
public sealed record EmailClicked(
    long ContactId, [property: Subject("message")] long MessageId, long SendId, int Link, string Url, string? Machine = null, string? Country = null,
    string? Region = null, string? City = null, string? Device = null, string? Os = null, string? Client = null, string? Suspect = null) : IActivity;

/// <summary>The contact unsubscribed through the mail: by its link, or by the mailbox's one-click button.</summary>
/// <param name="All">From everything, not only from the lists the mail stands for.</param>
/// <param name="Way"><c>page</c> or <c>one_click</c>.</param>
[ActivityKind("email.unsubscribed", Title = "Unsubscribed by e-mail", Group = "E-mail")]
public sealed record EmailUnsubscribed(long ContactId, [property: Subject("message")] long MessageId, long SendId, bool All, string Way, string? Reason) : IActivity;
