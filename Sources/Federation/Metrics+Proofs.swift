internal import Diagnostics
internal import DomainAssociation

extension Metrics {
    /// Counts a proof, and by what it was made where that has a counter of its own.
    func countProof(_ association: Association) {
        add(1, to: .proofsEstablished)
        switch association.prooftype {
        case "dane": add(1, to: .proofsByDANE)
        case "posh": add(1, to: .proofsByPOSH)
        case "pkix": add(1, to: .proofsByPKIX)
        default: break
        }
    }

    /// Counts a key that is new to a known domain, and that was accepted.
    func countKeyChange(_ association: Association) {
        add(1, to: association.keyWitness == nil ? .keyChanges : .keyChangesExplained)
    }
}
