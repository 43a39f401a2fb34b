namespace Millrace.Contacts.Fields;

/// <summary>
/// Fields every contact has. Beside custom fields in pickers and documents they go by a negative id and a name that no custom field may take.
/// </summary>
internal sealed record StandardField(long Id, string Key, string Name)
{
    public static readonly StandardField Email = new(-1, "email", "E-mail");
    public static readonly StandardField FirstName = new(-2, "first_name", "First name");
    public static readonly StandardField LastName = new(-3, "last_name", "Last name");
    public static readonly StandardField Phone = new(-4, "phone", "Phone");

    public static readonly IReadOnlyList<StandardField> All = [Email, FirstName, LastName, Phone];

    public static StandardField? Find(long id) => All.FirstOrDefault(f => f.Id == id);
}
