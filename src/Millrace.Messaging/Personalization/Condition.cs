using System.Globalization;

namespace Millrace.Messaging.Personalization;

/// <summary>A parsed <c>%IF ...%</c> expression.</summary>
internal abstract record Condition
{
    public abstract bool Holds(in RenderContext context);

    internal sealed record Not(Condition Inner) : Condition
    {
        public override bool Holds(in RenderContext context) => !Inner.Holds(context);
    }

    internal sealed record And(Condition Left, Condition Right) : Condition
    {
        public override bool Holds(in RenderContext context) => Left.Holds(context) && Right.Holds(context);
    }

    internal sealed record Or(Condition Left, Condition Right) : Condition
    {
        public override bool Holds(in RenderContext context) => Left.Holds(context) || Right.Holds(context);
    }

    internal sealed record HasTag(string Name) : Condition
    {
        public override bool Holds(in RenderContext context) => context.Tags.Contains(Name);
    }

    internal sealed record OnList(string Name) : Condition
    {
        public override bool Holds(in RenderContext context) => context.Lists?.Contains(Name) == true;
    }

    /// <summary>A field of several choices holds this one.</summary>
    internal sealed record HasChoice(string Name, int Slot) : Condition
    {
        public override bool Holds(in RenderContext context)
        {
            var rest = (context.Values[Slot] ?? "").AsSpan();
            foreach (var part in rest.Split(','))
            {
                if (rest[part].Trim().Equals(Name.AsSpan().Trim(), StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }

            // A choice may itself have a comma.
            return rest.Equals(Name, StringComparison.OrdinalIgnoreCase);
        }
    }

    /// <summary>A condition tree of the design; it was asked for the whole batch before.</summary>
    internal sealed record Shown(int No) : Condition
    {
        public override bool Holds(in RenderContext context) => (context.Shown >> (No - 1) & 1) == 1;
    }

    /// <summary>An operand by itself: true when it is neither empty nor 0.</summary>
    internal sealed record Filled(Operand Operand) : Condition
    {
        public override bool Holds(in RenderContext context) => Operand.Read(context) is not ("" or "0");
    }

    /// <summary>
    /// Numbers compare as numbers and dates as dates when both sides are, else as text without case. An empty side is less than everything, and no number or
    /// date is "before" something just because it is unknown: comparisons but <c>==</c> and <c>!=</c> do not hold then.
    /// </summary>
    internal sealed record Compare(Operand Left, string Operator, Operand Right) : Condition
    {
        public override bool Holds(in RenderContext context)
        {
            var (left, right) = (Left.Read(context), Right.Read(context));
            if (Operator is not ("==" or "!=") && (left.Length == 0 || right.Length == 0))
            {
                return false;
            }

            var order = Number(left, out var a) && Number(right, out var b) ? a.CompareTo(b)
                : Dates(left, right) is { } days ? days
                : string.Compare(left, right, StringComparison.OrdinalIgnoreCase);
            return Operator switch
            {
                "==" => order == 0,
                "!=" => order != 0,
                "<" => order < 0,
                "<=" => order <= 0,
                ">" => order > 0,
                _ => order >= 0,
            };
        }

        private static bool Number(string text, out decimal number) =>
            decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out number);

        /// <summary>A day compares with the day of a moment; null when one side is no date.</summary>
        private static int? Dates(string left, string right)
        {
            if (!IsDate(left, out var a) || !IsDate(right, out var b))
            {
                return null;
            }

            return left.Length == 10 || right.Length == 10 ? a.Date.CompareTo(b.Date) : a.CompareTo(b);
        }

        private static bool IsDate(string text, out DateTime date)
        {
            date = default;
            return text.Length >= 10 && text[4] == '-' && text[7] == '-' && char.IsAsciiDigit(text[0]) && IsoDate.TryRead(text, out date);
        }
    }
}

/// <summary>A literal, or a slot when <paramref name="Slot"/> is 0 or more; a date is shifted.</summary>
/// <param name="IsDay">Only the day counts, whatever the time.</param>
internal sealed record Operand(string Literal, int Slot, int Days = 0, int Months = 0, bool IsDay = false)
{
    public string Read(in RenderContext context)
    {
        var value = Slot < 0 ? Literal : context.Values[Slot] ?? "";
        if (IsDay && value.Length > 10)
        {
            value = value[..10];
        }

        return (Days | Months) == 0 || !IsoDate.TryRead(value, out var date) ? value : Shifted(value, date);
    }

    private string Shifted(string value, DateTime date)
    {
        try
        {
            return date.AddMonths(Months).AddDays(Days).ToString(value.Length > 10 ? "yyyy-MM-ddTHH:mm:ss" : "yyyy-MM-dd", CultureInfo.InvariantCulture);
        }
        catch (ArgumentOutOfRangeException)
        {
            // Beyond year 1 or 9999.
            return value;
        }
    }
}
