using Millrace.Mail.Mime;

namespace Millrace.Mail.Smtp;

/// <summary>Sender and the one recipient of a transaction.</summary>
public readonly record struct SmtpEnvelope
{
    /// <param name="from">Empty for the null sender of bounces.</param>
    /// <exception cref="InvalidHeaderException">A value that could end the command it stands in.</exception>
    public SmtpEnvelope(string from, string to)
    {
        From = from.Length == 0 ? from : Checked(from);
        To = Checked(to);
    }

    public string From { get; }

    public string To { get; }

    internal static string Checked(string value) =>
        value.Length is > 0 and <= 320 && !value.AsSpan().ContainsAnyExceptInRange('!', '~') && value.AsSpan().IndexOfAny('<', '>') < 0
            ? value
            : throw new InvalidHeaderException("An SMTP argument is visible ASCII without blanks and angle brackets.");
}
