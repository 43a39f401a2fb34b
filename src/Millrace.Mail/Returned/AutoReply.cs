using Millrace.Mail.Mime;

namespace Millrace.Mail.Returned;

/// <summary>Tells answers of machines (absence notes, receipts, lists) from those of people: RFC 3834 and what was usual before it.</summary>
public static class AutoReply
{
    private static readonly string[] Marks = ["X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-AutoReply-From", "X-Mail-Autoreply", "X-FC-MachineGenerated", "X-MS-Exchange-Inbox-Rules-Loop"];

    private static readonly string[] Subjects =
    [
        "out of office", "out of the office", "auto:", "autoreply", "auto-reply", "auto reply", "automatic reply", "automated reply", "automatic response", "autoresponse",
        "auto response", "vacation", "on vacation", "away from", "abwesenheit", "automatische antwort", "abwesend", "réponse automatique", "absence du bureau", "respuesta automática",
        "fuera de la oficina", "risposta automatica", "resposta automática", "automatisch antwoord", "autosvar", "automatyczna odpowiedź", "自動応答", "自动回复",
    ];

    public static bool Is(ParsedMail mail)
    {
        var root = mail.Root;
        if (root.Header("Auto-Submitted") is { } submitted && !submitted.TrimStart().StartsWith("no", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        if (Array.Exists(Marks, m => root.Header(m) is not null) || root.Header("List-Id") is not null
            || root.Header("Precedence")?.Trim().ToLowerInvariant() is "auto_reply" or "auto-reply" or "bulk" or "junk" or "list"
            || root.Header("X-Precedence")?.Trim().ToLowerInvariant() is "auto_reply" or "bulk" or "junk"
            || root.Header("Return-Path")?.Trim() is "<>" || root.MediaType is "multipart/report")
        {
            return true;
        }

        var subject = mail.Subject.TrimStart();
        return Array.Exists(Subjects, s => subject.StartsWith(s, StringComparison.OrdinalIgnoreCase))
            || IsSystem(mail.From);
    }

    private static bool IsSystem(string from) =>
        from.Contains("mailer-daemon@", StringComparison.OrdinalIgnoreCase) || from.Contains("<postmaster@", StringComparison.OrdinalIgnoreCase)
        || from.Contains("noreply@", StringComparison.OrdinalIgnoreCase) || from.Contains("no-reply@", StringComparison.OrdinalIgnoreCase);
}
