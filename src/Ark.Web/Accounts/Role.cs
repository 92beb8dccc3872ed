namespace Ark.Web.Accounts;

/// <summary>What an account may do; each role may do what the one before may.</summary>
public enum Role
{
    /// <summary>Reads.</summary>
    Viewer,

    /// <summary>Plans and changes deliveries.</summary>
    Engineer,

    /// <summary>Manages accounts and reads the audit; sees every customer.</summary>
    Administrator,
}
