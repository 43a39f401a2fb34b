using System.Buffers;
using System.Security.Authentication;
using System.Text.RegularExpressions;

namespace Millrace.Mail.Smtp;

/// <summary>One outcome, in the words the rules use.</summary>
internal readonly struct ReplyFacts(SmtpSendResult result)
{
    private readonly string _text = result.Reply?.Text ?? "";
    private readonly EnhancedCode? _enhanced = result.Reply?.Enhanced ?? InnerCode(result.Reply?.Text);

    public SmtpStage Stage { get; } = result.Stage;

    public int Code { get; } = result.Reply?.Code ?? 0;

    public bool Accepted { get; } = result.Accepted;

    public bool HandedOff { get; } = result.HandedOff;

    public bool IsProtocolError { get; } = result.Exception is SmtpProtocolException;

    public bool IsTlsError { get; } = result.Exception is AuthenticationException && result.Stage == SmtpStage.Tls;

    public bool IsLoginError { get; } = result.Exception is AuthenticationException && result.Stage == SmtpStage.Auth;

    public bool IsOtherError { get; } = result.Exception is not null;

    public bool IsTemporary => Code is >= 400 and < 500;

    public bool IsPermanent => Code is >= 500 and < 600;

    public bool AtConnect => Stage is SmtpStage.Connect or SmtpStage.Banner or SmtpStage.Ehlo or SmtpStage.Tls or SmtpStage.Auth;

    public bool AtRecipientOrDot => Stage is SmtpStage.Rcpt or SmtpStage.Data or SmtpStage.Body or SmtpStage.FinalDot;

    public bool HasEnhanced => _enhanced is not null;

    /// <summary>Subject and detail, whatever the class.</summary>
    public bool E(int subject, params ReadOnlySpan<int> details) =>
        _enhanced is { } e && e.Subject == subject && (details.IsEmpty || details.Contains(e.Detail));

    /// <summary>The class as well.</summary>
    public bool Exactly(int @class, int subject, int detail) => _enhanced == new EnhancedCode(@class, subject, detail);

    public bool Says(SearchValues<string> phrases) => _text.AsSpan().ContainsAny(phrases);

    public bool Says(Regex words) => words.IsMatch(_text);

    /// <summary>Some servers put the code behind a prefix: <c>host said: 550 5.1.1 ...</c> or <c>[host] #5.1.1 ...</c>.</summary>
    private static EnhancedCode? InnerCode(string? text)
    {
        if (text is null)
        {
            return null;
        }

        foreach (var word in text.Split([' ', '\n', '#', '(', ')', '<', '>', ';', ','], 12, StringSplitOptions.RemoveEmptyEntries))
        {
            if (word.Length is >= 5 and <= 9 && EnhancedCode.Read(word.TrimEnd(':')) is { } code)
            {
                return code;
            }
        }

        return null;
    }
}
