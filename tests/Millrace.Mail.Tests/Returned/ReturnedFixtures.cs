using Millrace.Mail.Returned;
using Millrace.Mail.Smtp;

namespace Millrace.Mail.Tests.Returned;

/// <summary>Bounces, complaints and replies as they come, one in a file, named by who wrote it; mutated they are the fuzz tests' food.</summary>
internal static class ReturnedFixtures
{
    public static IReadOnlyList<(string Name, ReturnedKind Kind, ReplyClass? Class, string Recipient)> All { get; } =
    [
        ("postfix", ReturnedKind.Bounce, ReplyClass.NoUser, "ann@there.example"),
        ("postfix-relay-full", ReturnedKind.Bounce, ReplyClass.MailboxFull, "ann@there.example"),
        ("postfix-expired", ReturnedKind.Bounce, ReplyClass.Temporary, "ann@there.example"),
        ("postfix-delayed", ReturnedKind.Delay, ReplyClass.Temporary, "ann@there.example"),
        ("exchange-online", ReturnedKind.Bounce, ReplyClass.BadDomain, "ann@there.example"),
        ("gmail-blocked", ReturnedKind.Bounce, ReplyClass.AuthFailed, "ann@there.example"),
        ("gmail-inactive", ReturnedKind.Bounce, ReplyClass.Inactive, "ann@gmail.com"),
        ("sendmail", ReturnedKind.Bounce, ReplyClass.NoUser, "ann@there.example"),
        ("no-code", ReturnedKind.Bounce, ReplyClass.NoUser, "ann@there.example"),
        ("generic-status", ReturnedKind.Bounce, ReplyClass.NoUser, "ann@there.example"),
        ("base64-report", ReturnedKind.Bounce, ReplyClass.NoUser, "ann@there.example"),
        ("success", ReturnedKind.Receipt, null, ""),
        ("qmail", ReturnedKind.Bounce, ReplyClass.NoUser, "ann@there.example"),
        ("qmail-full", ReturnedKind.Bounce, ReplyClass.MailboxFull, "ann@there.example"),
        ("exim", ReturnedKind.Bounce, ReplyClass.NoUser, "ann@there.example"),
        ("exim-warning", ReturnedKind.Delay, ReplyClass.OtherPermanent, "ann@there.example"),
        ("exchange-old", ReturnedKind.Bounce, ReplyClass.NoUser, "ann@there.example"),
        ("yahoo-old", ReturnedKind.Bounce, ReplyClass.NoUser, "ann@there.example"),
        ("person-quotes-bounce", ReturnedKind.Reply, null, ""),
        ("arf", ReturnedKind.Complaint, null, ""),
        ("arf-not-spam", ReturnedKind.Receipt, null, ""),
        ("mdn", ReturnedKind.Receipt, null, ""),
        ("reply", ReturnedKind.Reply, null, ""),
    ];

    public static string Text(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Returned", name + ".eml"));
}
