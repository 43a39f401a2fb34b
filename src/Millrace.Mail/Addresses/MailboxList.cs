using System.Text;

namespace Millrace.Mail.Addresses;

/// <summary>Several addresses as people and programs write them: <c>Ann &lt;ann@a.example&gt;, "Ben, B." &lt;ben@b.example&gt;, c@c.example</c>.</summary>
public static class MailboxList
{
    private const int MaxLength = 40_000;

    /// <param name="problem">A sentence that says what is wrong; null when all is well.</param>
    public static IReadOnlyList<Mailbox> Parse(string text, out string? problem)
    {
        problem = text.Length > MaxLength ? "The list of addresses is too long." : null;
        var found = new List<Mailbox>();
        foreach (var entry in problem is null ? Split(text) : [])
        {
            if (entry.Length > 0 && One(entry, out problem) is { } mailbox)
            {
                found.Add(mailbox);
            }

            if (problem is not null)
            {
                return [];
            }
        }

        return found;
    }

    /// <summary>One of them in the form that <see cref="Parse"/> reads back.</summary>
    public static string Write(Mailbox mailbox) => string.IsNullOrEmpty(mailbox.Name)
        ? mailbox.Address.Value
        : $"\"{mailbox.Name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\" <{mailbox.Address.Value}>";

    private static Mailbox? One(string entry, out string? problem)
    {
        var open = entry[^1] == '>' ? entry.LastIndexOf('<') : -1;
        var address = open < 0 ? entry : entry[(open + 1)..^1];
        if (!EmailAddress.TryParse(address, out var parsed, out _, out var message))
        {
            problem = $"\"{Short(entry)}\" is no address: {message}";
            return null;
        }

        var name = open < 0 ? "" : Unquoted(entry[..open].Trim());
        problem = Mime.HeaderText.IsSafe(name) && name.Length <= 500 ? null : $"The name in \"{Short(entry)}\" cannot be written.";
        return problem is null ? new Mailbox(parsed, name.Length == 0 ? null : name) : null;
    }

    /// <summary>At commas outside of quotes and brackets.</summary>
    private static IEnumerable<string> Split(string text)
    {
        var (start, quoted, angled) = (0, false, false);
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\\' when quoted:
                    i++;
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case '<' when !quoted:
                    angled = true;
                    break;
                case '>' when !quoted:
                    angled = false;
                    break;
                case ',' or ';' when !quoted && !angled:
                    yield return text[start..i].Trim();
                    start = i + 1;
                    break;
            }
        }

        yield return text[Math.Min(start, text.Length)..].Trim();
    }

    private static string Unquoted(string name)
    {
        if (name is not ['"', .., '"'] || name.Length < 2)
        {
            return name;
        }

        var plain = new StringBuilder(name.Length);
        for (var i = 1; i < name.Length - 1; i++)
        {
            plain.Append(name[i] == '\\' && i + 1 < name.Length - 1 ? name[++i] : name[i]);
        }

        return plain.ToString();
    }

    private static string Short(string text) => new([.. (text.Length > 100 ? text[..100] : text).Where(c => !char.IsControl(c))]);
}
