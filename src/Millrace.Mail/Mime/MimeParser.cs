using System.Text;

namespace Millrace.Mail.Mime;

/// <summary>Reads mails for showing and checking. Takes any bytes; never throws on them.</summary>
public static class MimeParser
{
    public static ParsedMail Parse(ReadOnlyMemory<byte> bytes) => Parse(bytes, MimeLimits.Default);

    public static ParsedMail Parse(ReadOnlyMemory<byte> bytes, MimeLimits limits)
    {
        var reading = new Reading(limits) { IsComplete = bytes.Length <= limits.MaxBytes };
        var root = reading.Part(bytes.Length <= limits.MaxBytes ? bytes : bytes[..limits.MaxBytes], depth: 0);
        return new ParsedMail(root, reading.IsComplete);
    }

    private sealed class Reading(MimeLimits limits)
    {
        private int _parts;

        public bool IsComplete { get; set; } = true;

        public MimePart Part(ReadOnlyMemory<byte> bytes, int depth)
        {
            _parts++;
            var headers = Headers(bytes.Span, out var body);
            var part = new MimePart(headers, bytes[body..]);
            if (!part.MediaType.StartsWith("multipart/", StringComparison.Ordinal) || part.ContentType["boundary"] is not { Length: > 0 and <= 200 } boundary)
            {
                return part;
            }

            if (depth >= limits.MaxDepth)
            {
                IsComplete = false;
                return part;
            }

            part.Children = Children(part.RawBody, Encoding.Latin1.GetBytes("--" + boundary), depth);
            return part;
        }

        private List<MimePart> Children(ReadOnlyMemory<byte> body, byte[] delimiter, int depth)
        {
            var children = new List<MimePart>();
            var start = -1;
            foreach (var (lineStart, lineEnd, next) in Delimiters(body, delimiter))
            {
                if (start >= 0)
                {
                    if (_parts >= limits.MaxParts)
                    {
                        IsComplete = false;
                        return children;
                    }

                    children.Add(Part(body[start..Math.Max(start, BeforeLineEnd(body.Span, lineStart))], depth + 1));
                }

                start = next;
                if (body.Span[(lineStart + delimiter.Length)..lineEnd].StartsWith("--"u8))
                {
                    return children;
                }
            }

            if (start >= 0 && start < body.Length && _parts < limits.MaxParts)
            {
                // The closing line is missing: what is there still counts.
                children.Add(Part(body[start..], depth + 1));
            }

            return children;
        }

        private static IEnumerable<(int Start, int End, int Next)> Delimiters(ReadOnlyMemory<byte> body, byte[] delimiter)
        {
            var position = 0;
            while (position < body.Length)
            {
                var found = body.Span[position..].IndexOf(delimiter);
                if (found < 0)
                {
                    yield break;
                }

                var start = position + found;
                var end = body.Span[start..].IndexOf((byte)'\n');
                var next = end < 0 ? body.Length : start + end + 1;
                end = end < 0 ? body.Length : start + end;
                position = next;
                var rest = body.Span[(start + delimiter.Length)..end].TrimEnd("\r \t"u8);
                if ((start == 0 || body.Span[start - 1] == '\n') && (rest.IsEmpty || rest.StartsWith("--"u8)))
                {
                    yield return (start, end, next);
                }
            }
        }

        private static int BeforeLineEnd(ReadOnlySpan<byte> body, int position)
        {
            position -= position > 0 && body[position - 1] == '\n' ? 1 : 0;
            return position - (position > 0 && body[position - 1] == '\r' ? 1 : 0);
        }

        private List<MailHeader> Headers(ReadOnlySpan<byte> bytes, out int body)
        {
            var headers = new List<MailHeader>();
            var value = new StringBuilder();
            string? name = null;
            body = 0;
            while (body < bytes.Length)
            {
                var end = bytes[body..].IndexOf((byte)'\n');
                var line = (end < 0 ? bytes[body..] : bytes.Slice(body, end)).TrimEnd((byte)'\r');
                var next = end < 0 ? bytes.Length : body + end + 1;
                if (line.IsEmpty)
                {
                    body = next;
                    break;
                }

                var colon = line.IndexOf((byte)':');
                if (line[0] is (byte)' ' or (byte)'\t')
                {
                    value.Append(Charsets.Decode(line, null));
                }
                else if (colon > 0)
                {
                    Finish();
                    name = Charsets.Decode(line[..colon].TrimEnd(" \t"u8), null);
                    value.Append(Charsets.Decode(line[(colon + 1)..], null));
                }

                body = next;
            }

            Finish();
            return headers;

            void Finish()
            {
                if (name is not null && headers.Count < limits.MaxHeaders)
                {
                    headers.Add(new MailHeader(name, value.ToString().Trim(' ', '\t')));
                }
                else if (name is not null)
                {
                    IsComplete = false;
                }

                (name, _) = (null, value.Clear());
            }
        }
    }
}
