namespace Millrace.Mail.Mime;

/// <summary>A header, address or EHLO value that must not reach the wire: it has a control character or a reserved name.</summary>
public sealed class InvalidHeaderException(string message) : FormatException(message)
{
    public string Code { get; } = "header_invalid";
}
