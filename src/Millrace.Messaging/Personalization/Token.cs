namespace Millrace.Messaging.Personalization;

/// <summary>One merged value of a program.</summary>
internal sealed record Token(int Slot, string? Fallback, LetterCase Case, DateTerm? Date, bool BreakLines)
{
    public void Write(in RenderContext context, TextBuffer output, Place place)
    {
        var value = Slot < 0 ? null : context.Values[Slot];
        if (string.IsNullOrEmpty(value))
        {
            // The fallback is the author's own text: its letter case stands.
            value = Fallback;
            if (string.IsNullOrEmpty(value))
            {
                if (context.Missing is { } missing)
                {
                    PlaceEncoding.Write(output, missing, place, BreakLines);
                }

                return;
            }
        }
        else if (Case != LetterCase.AsIs)
        {
            value = Letters.Apply(value, Case);
        }

        if (Date is not null)
        {
            value = Date.Apply(value);
        }

        PlaceEncoding.Write(output, value, place, BreakLines);
    }
}
