using Millrace.Mail.Mime;

namespace Millrace.Mail.Returned;

/// <summary>The groups of fields in a machine-readable report (RFC 3464, RFC 5965): lines like headers, groups divided by empty lines.</summary>
public sealed class StatusFields
{
    private const int MaxGroups = 50;

    private readonly IReadOnlyList<MailHeader> _fields;

    private StatusFields(IReadOnlyList<MailHeader> fields) => _fields = fields;

    public IReadOnlyList<MailHeader> All => _fields;

    /// <summary>First field of that name, comments and all; null when there is none.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (var field in _fields)
            {
                if (field.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return field.Value.Trim();
                }
            }

            return null;
        }
    }

    /// <summary>The value behind the type it begins with: <c>rfc822; a@b.cd</c> is <c>a@b.cd</c>.</summary>
    public string? Typed(string name)
    {
        if (this[name] is not { } value)
        {
            return null;
        }

        var semicolon = value.IndexOf(';', StringComparison.Ordinal);
        return (semicolon < 0 ? value : value[(semicolon + 1)..]).Trim();
    }

    /// <summary>The groups of a part's body, at most fifty; empty ones are left out. Never throws.</summary>
    public static IReadOnlyList<StatusFields> Read(ReadOnlyMemory<byte> body)
    {
        var groups = new List<StatusFields>();
        var rest = body;
        while (rest.Length > 0 && groups.Count < MaxGroups)
        {
            // A group is read as the headers of a mail whose body are the groups that follow.
            var mail = MimeParser.Parse(rest, MimeLimits.Bounce with { MaxDepth = 0 }).Root;
            if (mail.Headers.Count > 0)
            {
                groups.Add(new(mail.Headers));
            }

            if (mail.RawBody.Length >= rest.Length)
            {
                break;
            }

            rest = mail.RawBody;
        }

        return groups;
    }
}
