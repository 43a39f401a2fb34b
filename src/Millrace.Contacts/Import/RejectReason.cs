namespace Millrace.Contacts.Import;

/// <summary>Codes of rejected rows; shown, filtered and never renamed.</summary>
internal static class RejectReason
{
    public const string EmailMissing = "email_missing";
    public const string ColumnCount = "column_count";
    public const string UnclosedQuote = "unclosed_quote";
    public const string RowTooLong = "row_too_long";
    public const string NulCharacter = "nul_character";
    public const string TextTooLong = "too_long";
    public const string PhoneInvalid = "phone_invalid";
    public const string TimeZoneInvalid = "time_zone_invalid";
    public const string FieldInvalid = "field_invalid";
    public const string Duplicate = "duplicate_in_file";
    public const string ContactExists = "contact_exists";
}
