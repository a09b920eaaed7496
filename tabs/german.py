"""German: what the page says in English, and what it says to those who read German.

`{}` stands for what varies; where German needs another order, `{1}` is the second. Marked words are as in Markdown, and
formulas and code the same on both sides. Every sentence that a visitor reads has to be here: `tests/test_german.py`.
"""

GERMAN: dict[str, str] = {
    # the page
    "Deep generative models to put your hands on: faces and scenes that never existed, drawn by small networks.": (
        "Tiefe generative Modelle zum Anfassen: Gesichter und Szenen, die es nie gab, gezeichnet von kleinen Netzen."
    ),
    "Switch between light and dark": "Zwischen hell und dunkel wechseln",
    "Light or dark": "Hell oder dunkel",
    "Language": "Sprache",
    "Sample": "Gesichter",
    "Which face is real?": "Welches Gesicht ist echt?",
    "Ask for it": "Auf Wunsch",
    "Latent sliders": "Latente Regler",
    "Translate": "Übersetzen",
    "Upscale": "Vergrößern",
    "Playground": "Spielwiese",
    "Generated faces are generated: nobody here exists. The networks learned from photographs collected for "
    "research, so their pictures are for research and teaching.": (
        "Erzeugte Gesichter sind erzeugt: Niemanden hier gibt es. Die Netze haben aus Fotos gelernt, die für die "
        "Forschung gesammelt wurden; ihre Bilder sind für Forschung und Lehre."
    ),
    "HTTP API": "HTTP-API",
    "Source code": "Quelltext",
    "Close": "Schließen",
    "Copied": "Kopiert",
    "Copy": "Kopieren",
    "How it works": "So funktioniert es",
    "This network": "Dieses Netz",
    "Share and code": "Teilen und Code",
    "Permalink": "Permalink",
    "Copy the permalink": "Permalink kopieren",
    "Copy the Python lines": "Python-Zeilen kopieren",
    "How the network was made": "Wie das Netz entstand",
    "Copy the command": "Befehl kopieren",
    "see its card: {}": "siehe Steckbrief: {}",
    "The server could not be reached; please try again.": (
        "Der Server ist nicht erreichbar; bitte noch einmal versuchen."
    ),
    # Gradio's own words
    "More tabs": "Weitere Reiter",
    "range slider for {}": "Schieberegler: {}",
    "number input for {}": "Zahl: {}",
    "Reset to default value": "Auf den Anfangswert zurücksetzen",
    "Connection to the server was lost. Attempting reconnection...": (
        "Die Verbindung zum Server ist unterbrochen. Sie wird wiederhergestellt …"
    ),
    "Connection re-established.": "Die Verbindung ist wiederhergestellt.",
    "Connection Lost": "Verbindung unterbrochen",
    "Reconnected": "Verbunden",
    "Error": "Fehler",
    "Loading...": "Wird geladen …",
    # joining words
    "{} and {}": "{} und {}",
    "{} or {}": "{} oder {}",
    "{}, {}": "{}, {}",
    "{}: {}": "{}: {}",
    "{} ({})": "{} ({})",
    # sample
    "Pictures": "Bilder",
    "What to draw": "Was gezeichnet wird",
    "Gallery": "Galerie",
    "Morph": "Morph",
    "New faces": "Neue Gesichter",
    "Seed": "Seed",
    "To seed": "Ziel-Seed",
    "Faces": "Gesichter",
    "Frames": "Einzelbilder",
    "Variety (truncation)": "Vielfalt (Trunkierung)",
    "Network": "Netz",
    "Another network": "Ein anderes Netz",
    "Hugging Face Hub id": "Name auf dem Hugging Face Hub",
    "user/repository": "user/repository",
    "In place of the one above; empty for the one above.": "Anstelle des Netzes oben; leer für das Netz oben.",
    "Reset": "Zurücksetzen",
    "Lineage": "Abstammung",
    "This network is not available": "Dieses Netz ist nicht verfügbar",
    "Drawing the first faces…": "Die ersten Gesichter werden gezeichnet …",
    "Pause": "Pause",
    "Play": "Abspielen",
    "Position in the morph": "Stelle im Morph",
    "Download": "Herunterladen",
    "Sheet (PNG)": "Bogen (PNG)",
    "Pictures (zip)": "Bilder (zip)",
    "Face {} of {}: show its neighbours": "Gesicht {} von {}: seine Nachbarn zeigen",
    "Back one step": "Einen Schritt zurück",
    "← Back": "← Zurück",
    "All faces of seed {}": "Alle Gesichter von Seed {}",
    "Seed {}": "Seed {}",
    "Face {}, generation {}": "Gesicht {}, Generation {}",
    "Go to frame {} of {}": "Zu Bild {} von {}",
    "Frame {} of {}": "Bild {} von {}",
    "{} × {} px, enlarged": "{} × {} px, vergrößert",
    "{} neighbours of the face that was picked": "{} Nachbarn des gewählten Gesichts",
    "{} faces of seed {}": "{} Gesichter von Seed {}",
    "From seed {} to seed {}{}.": "Von Seed {} zu Seed {}{}.",
    ", with a jump wherever the Gaussian changes": ", mit einem Sprung, wo die Gauß-Verteilung wechselt",
    "Neighbours of the last face. Click one to go on.": "Nachbarn des letzten Gesichts. Ein Klick führt weiter.",
    "Kept after {} training steps. Click a face to see its neighbours of today.": (
        "Aufgehoben nach {} Trainingsschritten. Ein Klick auf ein Gesicht zeigt seine heutigen Nachbarn."
    ),
    "Click a face to see its neighbours.": "Ein Klick auf ein Gesicht zeigt seine Nachbarn.",
    "Training (steps)": "Training (Schritte)",
    # networks, by their titles
    "Faces in colour, 128 px": "Gesichter in Farbe, 128 px",
    "Studio portraits in grey, 128 px": "Studioporträts in Grau, 128 px",
    "Faces in colour (CelebA)": "Gesichter in Farbe (CelebA)",
    "Faces, mixture of Gaussians": "Gesichter, Gauß-Mischung",
    "Scenes, InfoGAN": "Szenen, InfoGAN",
    "Scenes, InfoGAN-CR": "Szenen, InfoGAN-CR",
    "Scenes, InfoGAN-CR, published": "Szenen, InfoGAN-CR, veröffentlicht",
    "Scenes, DisCo, published": "Szenen, DisCo, veröffentlicht",
    "Sprites, InfoGAN-CR": "Sprites, InfoGAN-CR",
    "Sprites, InfoGAN-CR, published": "Sprites, InfoGAN-CR, veröffentlicht",
    "Scenes to order": "Szenen auf Bestellung",
    "Streets: day and night": "Straßen: Tag und Nacht",
    "Streets: from a drawn map": "Straßen: aus einer gezeichneten Karte",
    "Faces: neutral and smiling": "Gesichter: neutral und lächelnd",
    "Upscale x2, fast": "Vergrößern x2, schnell",
    "Upscale x4, fast": "Vergrößern x4, schnell",
    "Upscale x4, quality": "Vergrößern x4, Qualität",
    "Upscale x4, sharp": "Vergrößern x4, scharf",
    "Faces x4": "Gesichter x4",
    # quiz
    "This deck cannot be played here": "Dieser Bildersatz ist hier nicht spielbar",
    "The left face is real (left arrow key)": "Das linke Gesicht ist echt (Pfeil links)",
    "The right face is real (right arrow key)": "Das rechte Gesicht ist echt (Pfeil rechts)",
    "The face on the left": "Das Gesicht links",
    "The face on the right": "Das Gesicht rechts",
    "Your choice": "Gewählt",
    "This one": "Dieses",
    "How sure are you? You need not say.": "Wie sicher? Die Angabe ist freiwillig.",
    "How sure?": "Wie sicher?",
    "(optional)": "(freiwillig)",
    "guessed (key 5)": "geraten (Taste 5)",
    "certain (key 0)": "gewiss (Taste 0)",
    "key {}": "Taste {}",
    "Next pair": "Nächstes Paar",
    "You": "Mensch",
    "Discriminator": "Diskriminator",
    "Deck": "Bildersatz",
    "Level": "Stufe",
    "Your figures": "Eigene Werte",
    "Share of right answers among the last 20": "Anteil richtiger unter den letzten 20 Antworten",
    "Share of right answers among the last 20, now {} %": "Anteil richtiger unter den letzten 20 Antworten, jetzt {} %",
    "How sure you were, how often you were right": "Angegebene Sicherheit und richtige Antworten",
    "Which {} is real?": "Welches {} ist echt?",
    "picture": "Bild",
    "face": "Gesicht",
    "{}, {} × {} pixels, enlarged": "{}, {} × {} Pixel, vergrößert",
    "Level {} of {}": "Stufe {} von {}",
    "Real. The other one was generated.": "Echt. Das andere wurde erzeugt.",
    "Generated. The other one is real.": "Erzeugt. Das andere ist echt.",
    "photograph": "Foto",
    "Photograph": "Foto",
    "● Photograph": "● Foto",
    "rendering": "Rendering",
    "● Rendering": "● Rendering",
    "◌ Generated": "◌ Erzeugt",
    "Discriminator: {} real": "Diskriminator: {} echt",
    "The {} on the {} was drawn after {} steps of training (level {} of {}).": (
        "{} {}: nach {} Trainingsschritten gezeichnet (Stufe {} von {})."
    ),
    "The {} on the {} was drawn by the finished network (level {} of {}).": (
        "{} {}: vom fertigen Netz gezeichnet (Stufe {} von {})."
    ),
    "Who it shows": "Wen es zeigt",
    "Public domain": "Gemeinfrei",
    "left": "links",
    "right": "rechts",
    "You are the first to judge this generated {}.": "Dies ist die erste Antwort zu diesem {}.",
    "{} of {} answers took this generated {} for real.": "{} von {} Antworten hielten dieses {} für echt.",
    "The discriminator was right{}.": "Der Diskriminator lag{} richtig.",
    "The discriminator fell for it{}.": "Der Diskriminator fiel{} darauf herein.",
    ", too": " ebenfalls",
    "The discriminator finds no single spot that gives the generated one away.": (
        "Der Diskriminator findet keine einzelne Stelle, die das erzeugte Bild verrät."
    ),
    "Look at {} of the generated {}: there the discriminator objects most.": (
        "Verdächtig: {} im erzeugten {}. Daran stört sich der Diskriminator am meisten."
    ),
    "the eye on the left": "das Auge links",
    "the eye on the right": "das Auge rechts",
    "the bridge of the nose": "die Nasenwurzel",
    "the nose": "die Nase",
    "the mouth": "der Mund",
    "the forehead": "die Stirn",
    "the cheek on the left": "die Wange links",
    "the cheek on the right": "die Wange rechts",
    "the chin": "das Kinn",
    "the hair on top": "das Haar oben",
    "the ear or hair on the left": "Ohr oder Haar links",
    "the ear or hair on the right": "Ohr oder Haar rechts",
    "the background at the top left": "der Hintergrund oben links",
    "the background at the top right": "der Hintergrund oben rechts",
    "Streak {}, best {}": "Serie {}, beste {}",
    "{} of {}": "{} von {}",
    "You and the discriminator are level.": "Mensch und Diskriminator liegen gleichauf.",
    "You are ahead by {}.": "Der Mensch führt mit {}.",
    "The discriminator is ahead by {}.": "Der Diskriminator führt mit {}.",
    "Sensitivity d′ and calibration follow after {} more.": "Sensitivität d′ und Kalibrierung folgen nach weiteren {}.",
    "{} round": "{} Runde",
    "{} rounds": "{} Runden",
    "{} answer": "{} Antwort",
    "{} answers": "{} Antworten",
    "Sensitivity d′": "Sensitivität d′",
    "0 is guessing, 1 is 76 % correct, 2 is 92 %": "0 ist geraten, 1 sind 76 % richtig, 2 sind 92 %",
    "{} ({} or more)": "{} ({} oder mehr)",
    "{} ({} or less)": "{} ({} oder weniger)",
    "{} ({} to {})": "{} ({} bis {})",
    "It fooled you": "Hereingefallen",
    "not yet": "noch nicht",
    "you tell what it draws from what is real": "Gezeichnetes wird von Echtem unterschieden",
    "from step {} on": "ab Schritt {}",
    "from there on, your answers look like guesses": "von da an sehen die Antworten wie geraten aus",
    "Calibration (Brier score)": "Kalibrierung (Brier-Wert)",
    "Calibration": "Kalibrierung",
    "0 is perfect, 0.25 is always 50 %": "0 ist vollkommen, 0,25 ist immer 50 %",
    "say how sure you are in {} more": "dazu in weiteren {} die Sicherheit angeben",
    "over 99 %": "über 99 %",
    "under 1 %": "unter 1 %",
    "round {}": "Runde {}",
    "50 % sure": "50 % sicher",
    "100 % sure": "100 % sicher",
    "{} % sure: right in {} %": "{} % sicher: {} % richtig",
    "follows you": "wandert mit",
    "{} of {}: {}": "{} von {}: {}",
    "step {}": "Schritt {}",
    "finished": "fertig",
    "(not here)": "(nicht hier)",
    "{} (not here)": "{} (nicht hier)",
    "Why one deck cannot be played here": "Warum ein Bildersatz hier nicht spielbar ist",
    "Why {} decks cannot be played here": "Warum {} Bildersätze hier nicht spielbar sind",
    "Portraits in colour": "Porträts in Farbe",
    "Portraits": "Porträts",
    "Scenes": "Szenen",
    "The host's own photographs": "Eigene Fotos des Betreibers",
    # everybody
    "Everybody": "Alle zusammen",
    "Nobody has played this deck yet.": "Mit diesem Bildersatz hat noch niemand gespielt.",
    "{} so far: visitors were right in {}, the discriminator in {}.": (
        "Bisher {}: Menschen lagen in {} richtig, der Diskriminator in {}."
    ),
    "{} % ({} to {} %)": "{} % ({} bis {} %)",
    "{} % ({} to {} %), step {}": "{} % ({} bis {} %), Schritt {}",
    "Accuracy over time": "Trefferquote im Lauf der Zeit",
    "Leaderboard": "Rangliste",
    "Player": "Name",
    "Accuracy": "Trefferquote",
    "Rounds": "Runden",
    "Best streak": "Beste Serie",
    "Nobody stands here yet.": "Hier steht noch niemand.",
    "Nickname": "Spitzname",
    "2 to 20 letters or digits": "2 bis 20 Buchstaben oder Ziffern",
    "Join": "Mitmachen",
    "Rename": "Umbenennen",
    "Forget me": "Vergiss mich",
    "Really? Your score will be gone.": "Wirklich? Der Spielstand ist dann weg.",
    "(you)": "(eigener Eintrag)",
    "Most convincing fakes": "Die überzeugendsten Fälschungen",
    "No face was judged often enough yet.": "Noch kein Gesicht wurde oft genug beurteilt.",
    "Generated face; {}": "Erzeugtes Gesicht; {}",
    "Fooled {} of {}": "Täuschte {} von {}",
    "Generated faces of this deck that at least {} answers judged, by how often they were taken for real.": (
        "Erzeugte Gesichter dieses Bildersatzes mit mindestens {} Antworten, danach geordnet, wie oft sie für echt "
        "gehalten wurden."
    ),
    "At least {} answers on this deck {}; first is whose accuracy is surest to be high (lower end of its 95 % "
    "interval).": (
        "Mindestens {} Antworten zu diesem Bildersatz {}; vorn steht, wessen Trefferquote am sichersten hoch ist "
        "(unteres Ende des 95-%-Intervalls)."
    ),
    "over all levels": "über alle Stufen",
    "at level {}": "auf Stufe {}",
    "A chart needs answers of two days": "Für ein Diagramm braucht es Antworten von zwei Tagen",
    "A chart needs answers of two days.": "Für ein Diagramm braucht es Antworten von zwei Tagen.",
    "A chart needs answers of two days; these are all of one.": (
        "Für ein Diagramm braucht es Antworten von zwei Tagen; diese stammen alle von einem."
    ),
    "Accuracy by day; latest: visitors {} %, discriminator {} %": (
        "Trefferquote je Tag; zuletzt: Menschen {} %, Diskriminator {} %"
    ),
    # ask
    "Drawing…": "Wird gezeichnet …",
    "Did it obey?": "Hat es gehorcht?",
    "label": "Angabe",
    "asked": "gewünscht",
    "read": "gelesen",
    "right?": "richtig?",
    "floor": "Boden",
    "wall": "Wand",
    "object": "Objekt",
    "shape": "Form",
    "Floor": "Boden",
    "Wall": "Wand",
    "Object": "Objekt",
    "Shape": "Form",
    "red": "rot",
    "orange": "orange",
    "lime": "limone",
    "green": "grün",
    "mint": "mint",
    "cyan": "cyan",
    "azure": "azur",
    "blue": "blau",
    "violet": "violett",
    "pink": "rosa",
    "cube": "Würfel",
    "cylinder": "Zylinder",
    "ball": "Kugel",
    "capsule": "Kapsel",
    "floor {}": "Boden {}",
    "wall {}": "Wand {}",
    "object {}": "Objekt {}",
    "shape {}": "Form {}",
    "{} {} {} on {} {} floor before {} {} wall": "{2} ({1}), Boden {4}, Wand {6}",
    "{} {} {} on {} {} floor before {} {} wall, as the network draws it": (
        "{2} ({1}), Boden {4}, Wand {6}, wie das Netz es zeichnet"
    ),
    "{} {} {} on {} {} floor before {} {} wall: {} of {} labels are read back right": (
        "{2} ({1}), Boden {4}, Wand {6}: {7} von {8} Angaben werden richtig zurückgelesen"
    ),
    "✓ yes, {} % sure": "✓ ja, {} % sicher",
    "✗ no, {} % sure": "✗ nein, {} % sicher",
    "64 × 64 px, enlarged. Other seeds: same wish, other size and view. Click one to take it.": (
        "64 × 64 px, vergrößert. Andere Seeds: gleicher Wunsch, andere Größe und Ansicht. Ein Klick übernimmt das Bild."
    ),
    "Take seed {}": "Seed {} übernehmen",
    "All values of two labels": "Alle Werte zweier Angaben",
    "Rows": "Zeilen",
    "Columns": "Spalten",
    "Framed: never shown in the training. Click one to take it.": (
        "Umrahmt: im Training nie gezeigt. Ein Klick übernimmt das Bild."
    ),
    "{} {}, {} {}": "{} {}, {} {}",
    "{} {}, {} {}, never shown in the training": "{} {}, {} {}, im Training nie gezeigt",
    "How often it obeys": "Wie oft es gehorcht",
    "combinations of the training": "Kombinationen des Trainings",
    "never shown": "nie gezeigt",
    "Not measured yet.": "Noch nicht gemessen.",
    "Read back right in {} pictures each.": "Richtig zurückgelesen, in je {} Bildern.",
    "Surprise me": "Überraschung",
    "A combination it was never shown": "Eine nie gezeigte Kombination",
    "No picture": "Kein Bild",
    "This combination was never shown in the training.": "Diese Kombination wurde im Training nie gezeigt.",
    "This combination was shown in the training.": "Diese Kombination wurde im Training gezeigt.",
    # latent sliders
    "64 × 64 px, enlarged": "64 × 64 px, vergrößert",
    "What moves when {} moves": "Was sich bewegt, wenn {} sich bewegt",
    "What moves when": "Was sich bewegt, wenn",
    "moves": "sich bewegt",
    "code {}": "Code {}",
    "Code {}": "Code {}",
    "Code {}, {}": "Code {}, {}",
    "one of {}": "eins von {}",
    "a circle": "ein Kreis",
    "Every slider over its range": "Jeder Regler über seinen Bereich",
    "Sliders": "Regler",
    "with names": "mit Namen",
    "found without labels": "ohne Beschriftungen gefunden",
    "Mean over 200 random faces, from one end to the other": (
        "Mittel über 200 zufällige Gesichter, von einem Ende zum anderen"
    ),
    "Age": "Alter",
    "Smile": "Lächeln",
    "Glasses": "Brille",
    "Beard": "Bart",
    "Mouth open": "Mund offen",
    "Hair: dark to fair": "Haar, dunkel bis hell",
    "Grey hair": "Graues Haar",
    "Fringe": "Pony",
    "Look: feminine to masculine": "Aussehen, weiblich bis männlich",
    "Make-up": "Schminke",
    "Head turn: left to right": "Kopf gedreht, links bis rechts",
    "Light: left to right": "Licht, von links bis rechts",
    "Direction {}": "Richtung {}",
    "Direction {}, {}": "Richtung {}, {}",
    "age": "Alter",
    "smile": "Lächeln",
    "glasses": "Brille",
    "beard": "Bart",
    "mouth open": "offener Mund",
    "fair hair": "helles Haar",
    "grey hair": "graues Haar",
    "fringe": "Pony",
    "masculine": "männlich",
    "make-up": "Schminke",
    "turn": "Drehung",
    "light": "Licht",
    "mostly {}": "meist {}",
    "mostly {}, {}": "meist {}, {}",
    "mostly {}, {}, {}": "meist {}, {}, {}",
    "{} +": "{} +",
    "{} −": "{} −",
    "little that has a name": "wenig, was einen Namen hat",
    "This face to seed {}": "Dieses Gesicht bis Seed {}",
    "Scores of the networks": "Wertungen der Netze",
    "Beside it": "Daneben",
    "nothing": "nichts",
    "Read a picture into the sliders": "Ein Bild in die Regler einlesen",
    "A rendered one": "Ein gerendertes",
    "Your own": "Ein eigenes",
    "The file is larger than 4 MB; PNG, JPEG, WebP, GIF and BMP up to 4 MB are accepted.": (
        "Die Datei ist größer als 4 MB; möglich sind PNG, JPEG, WebP, GIF und BMP bis 4 MB."
    ),
    "What the network saw": "Was das Netz gesehen hat",
    "Drawn from the codes it read": "Aus den gelesenen Codes gezeichnet",
    "{}: the picture of seed {}": "{}: das Bild von Seed {}",
    "Seed {} to seed {}": "Seed {} bis Seed {}",
    "{}, {} pictures": "{}, {} Bilder",
    "GIF: {}": "GIF: {}",
    "The server could not be reached, or the file is larger than 4 MB.": (
        "Der Server ist nicht erreichbar, oder die Datei ist größer als 4 MB."
    ),
    # your own face
    "Your own face": "Ihr eigenes Gesicht",
    "Put the two marks on the eyes, and the network looks for a face of its own that is like this one.": (
        "Setzen Sie die beiden Marken auf die Augen; das Netz sucht dann unter seinen Gesichtern ein ähnliches."
    ),
    "Open a picture": "Bild öffnen",
    "What comes back is drawn by the network: it is not your photograph, and nobody's. What is in the frame is sent "
    "for this, 128 × 128 px, and not kept.": (
        "Was zurückkommt, hat das Netz gezeichnet: Es ist weder Ihr Foto noch das von jemand anderem. Was im Rahmen "
        "liegt, wird dafür mit 128 × 128 px gesendet und nicht aufbewahrt."
    ),
    "Find this face": "Dieses Gesicht suchen",
    "Open a picture of a face, or drop one here": "Öffnen Sie das Bild eines Gesichts oder legen Sie eins hier ab",
    "Picture in the frame: arrow keys move it, plus and minus zoom, square brackets turn it": (
        "Bild im Rahmen: Pfeiltasten verschieben es, Plus und Minus zoomen, eckige Klammern drehen es"
    ),
    "Mark for the eye on the left: arrow keys move it, Enter fits the picture": (
        "Marke für das Auge links: Pfeiltasten verschieben sie, die Eingabetaste passt das Bild ein"
    ),
    "Mark for the eye on the right: arrow keys move it, Enter fits the picture": (
        "Marke für das Auge rechts: Pfeiltasten verschieben sie, die Eingabetaste passt das Bild ein"
    ),
    "Turn": "Drehen",
    "Turn by 90°": "Um 90° drehen",
    "This file is no picture that can be read; PNG, JPEG, WebP, GIF and BMP are accepted.": (
        "Diese Datei ist kein lesbares Bild; möglich sind PNG, JPEG, WebP, GIF und BMP."
    ),
    "The picture is {} x {} px; a face needs {} px or more.": (
        "Das Bild hat {} x {} px; ein Gesicht braucht {} px oder mehr."
    ),
    "The two marks are too near each other; put one on each eye.": (
        "Die beiden Marken sind zu nah beieinander; setzen Sie auf jedes Auge eine."
    ),
    "This does not look like a face in the frame: the network found nothing like it.": (
        "Das im Rahmen sieht nicht wie ein Gesicht aus: Das Netz hat nichts Ähnliches gefunden."
    ),
    "The likeness is poor; put the marks on the eyes more exactly, or try another picture.": (
        "Die Ähnlichkeit ist gering; setzen Sie die Marken genauer auf die Augen oder versuchen Sie ein anderes Bild."
    ),
    "In the frame": "Im Rahmen",
    "Drawn by the network": "Vom Netz gezeichnet",
    "A face like yours was found": "Ein Gesicht wie Ihres wurde gefunden",
    "This encoder reads pictures (N, H, W, {}), got {}.": ("Dieser Encoder liest Bilder (N, H, W, {}), nicht {}."),
    "One picture of shape {} is looked for, got {}.": "Gesucht wird ein Bild der Form {}, nicht {}.",
    "The number of steps is {}; it has to be from 0 to 1,000.": (
        "Die Zahl der Schritte ist {}; sie muss zwischen 0 und 1.000 liegen."
    ),
    "The {} of an encoder is {}; it has to be at least 1.": ("{} eines Encoders ist {}; es muss mindestens 1 sein."),
    "The picture was read, and drawn from the codes": "Das Bild wurde gelesen und aus den Codes gezeichnet",
    "moves next to nothing": "bewegt fast nichts",
    "moves {}": "bewegt {}",
    "floor hue": "Farbe des Bodens",
    "wall hue": "Farbe der Wand",
    "object hue": "Farbe des Objekts",
    "scale": "Größe",
    "orientation": "Drehung",
    "This does not look like {}: what the network draws from its codes is far from it.": (
        "Das sieht nicht aus wie {}: Was das Netz aus den gelesenen Codes zeichnet, liegt weit davon entfernt."
    ),
    "a scene": "eine Szene",
    "a sprite": "ein Sprite",
    # translate and upscale
    "Camera": "Kamera",
    "Take the picture": "Bild aufnehmen",
    "Cancel": "Abbrechen",
    "Paste": "Einfügen",
    "Progress": "Fortschritt",
    "Stop": "Anhalten",
    "Stopped.": "Angehalten.",
    "Working…": "In Arbeit …",
    "{} before you": "noch {} davor",
    "{} %, about {} s left": "{} %, noch etwa {} s",
    "The camera could not be opened; allow it in the browser, or open a picture.": (
        "Die Kamera ließ sich nicht öffnen; bitte im Browser erlauben oder ein Bild öffnen."
    ),
    "There is no picture in the clipboard; copy one first.": (
        "In der Zwischenablage ist kein Bild; bitte zuerst eines kopieren."
    ),
    "The browser does not let this page read the clipboard; press Ctrl+V or Cmd+V here instead.": (
        "Der Browser lässt diese Seite die Zwischenablage nicht lesen; stattdessen hier Strg+V oder Cmd+V drücken."
    ),
    "The file is larger than 64 MB; put a larger network on the Hub and name it here.": (
        "Die Datei ist größer als 64 MB; ein größeres Netz bitte auf den Hub legen und hier nennen."
    ),
    "Reading the network…": "Das Netz wird gelesen …",
    "The file could not be sent; it may be too large.": "Die Datei ließ sich nicht senden; vielleicht ist sie zu groß.",
    "Your own file": "Eigene Datei",
    "Your file": "Eigene Datei",
    "Your map": "Eigene Karte",
    "Your street, on a bright day": "Eigene Straße, an einem hellen Tag",
    "Your picture": "Eigenes Bild",
    "Your clip: {}": "Eigener Clip: {}",
    "{} → {}": "{} → {}",
    "{}, before": "{}, vorher",
    "{}, after: {}": "{}, nachher: {}",
    "{} again": "wieder {}",
    "where it misses": "wo es danebenliegt",
    "Off by {} of 255 grey levels on average; white on the map: 64 or more.": (
        "Im Mittel {} von 255 Graustufen daneben; weiß auf der Karte: 64 oder mehr."
    ),
    "blue: taken for real; orange: taken for drawn": "blau: für echt gehalten; orange: für gezeichnet gehalten",
    "On average {} % convinced that this is real.": "Im Mittel zu {} % überzeugt, dass dies echt ist.",
    "The file is larger than 16 MB; PNG, JPEG, WebP, GIF, BMP, MP4, WebM and MOV up to 16 MB are accepted.": (
        "Die Datei ist größer als 16 MB; möglich sind PNG, JPEG, WebP, GIF, BMP, MP4, WebM und MOV bis 16 MB."
    ),
    "The file could not be read; choose it again.": "Die Datei ließ sich nicht lesen; bitte noch einmal auswählen.",
    "A clip cannot be read as a map; choose a picture.": (
        "Ein Clip lässt sich nicht als Karte lesen; bitte ein Bild wählen."
    ),
    "This file is no picture that the browser can show.": "Diese Datei ist kein Bild, das der Browser zeigen kann.",
    "Open a picture to begin": "Zum Anfangen ein Bild öffnen",
    "Map to draw on: arrow keys move the brush, Space draws": (
        "Karte zum Zeichnen: Pfeiltasten bewegen den Pinsel, Leertaste zeichnet"
    ),
    "before": "vorher",
    "after": "nachher",
    "Before and after": "Vorher und nachher",
    "Frame around the face; arrow keys move it": "Rahmen um das Gesicht; Pfeiltasten verschieben ihn",
    "The translated animation": "Die übersetzte Animation",
    "Turn this street into night": "Diese Straße in Nacht verwandeln",
    "Round trip: there and back": "Hin und zurück",
    "X-ray: what the discriminator says": "Röntgenbild: was der Diskriminator sagt",
    "Direction": "Richtung",
    "Draw with": "Zeichnen mit",
    "Class to draw with": "Klasse, mit der gezeichnet wird",
    "Brush": "Pinsel",
    "Undo": "Rückgängig",
    "Fill areas": "Flächen füllen",
    "Open a picture or clip": "Bild oder Clip öffnen",
    "Size of the frame": "Größe des Rahmens",
    "From the Hugging Face Hub": "Vom Hugging Face Hub",
    "Load": "Laden",
    "Open a file of weights": "Datei mit Gewichten öffnen",
    "Generators of CycleGAN and pix2pix in their authors' format are read, files up to 64 MB.": (
        "Gelesen werden Generatoren von CycleGAN und pix2pix im Format ihrer Autoren, Dateien bis 64 MB."
    ),
    "A face that never existed": "Ein Gesicht, das es nie gab",
    "A street in town": "Eine Straße in der Stadt",
    "A road among trees": "Eine Landstraße mit Bäumen",
    "A crossing": "Eine Kreuzung",
    "day": "Tag",
    "night": "Nacht",
    "labels": "Karte",
    "photos": "Foto",
    "neutral": "neutral",
    "smiling": "lächelnd",
    "road": "Straße",
    "sidewalk": "Gehweg",
    "parking": "Parkplatz",
    "building": "Gebäude",
    "fence": "Zaun",
    "pole": "Mast",
    "traffic light": "Ampel",
    "traffic sign": "Schild",
    "tree": "Baum",
    "grass": "Gras",
    "sky": "Himmel",
    "person": "Mensch",
    "rider": "Radler",
    "car": "Auto",
    "truck": "Lkw",
    "bus": "Bus",
    "train": "Zug",
    "motorcycle": "Motorrad",
    "bicycle": "Fahrrad",
    "other": "Sonstiges",
    "Your own network; it is in this page's memory only.": (
        "Ein eigenes Netz; es liegt nur im Arbeitsspeicher dieser Seite."
    ),
    "This picture is unlike the {} pictures that the network learned from ({} times as far from their middle as "
    "nearly all of them), so expect less.": (
        "Dieses Bild ähnelt den Bildern nicht, aus denen das Netz gelernt hat ({1}-mal so weit von deren Mitte wie "
        "fast alle davon); das Ergebnis ist daher weniger gut."
    ),
    "{}: {} grey levels off on average": "{}: im Mittel {} Graustufen daneben",
    "{}, enlarged bicubically": "{}, bikubisch vergrößert",
    "{}, enlarged by {}": "{}, vergrößert von {}",
    "{}, invents detail": "{}, erfindet Details",
    "invents detail": "erfindet Details",
    "{}: {} × {} → {} × {}": "{}: {} × {} → {} × {}",
    "{}: {} × {} → {} × {}, {}": "{}: {} × {} → {} × {}, {}",
    "Shown at {} %.": "Gezeigt mit {} %.",
    "Detail is a plausible guess, not a fact.": "Details sind plausibel geraten, keine Tatsache.",
    "Faithful: soft where the picture does not tell.": "Treu: weich, wo das Bild nichts verrät.",
    "Given": "Vorlage",
    "Bicubic": "Bikubisch",
    "bicubic": "bikubisch",
    "Truth": "Wahrheit",
    "what was there": "was da war",
    "{}, the same spot": "{}, dieselbe Stelle",
    "Show on the large picture": "Auf dem großen Bild zeigen",
    "{} dB, SSIM {}": "{} dB, SSIM {}",
    "no network": "kein Netz",
    "{} (nearest)": "{} (am nächsten)",
    "PNG, JPEG, WebP, GIF and BMP up to 16 MB are accepted.": "Möglich sind PNG, JPEG, WebP, GIF und BMP bis 16 MB.",
    "{} pictures are too many; choose up to {}.": "{} Bilder sind zu viele; bis zu {} sind möglich.",
    "The file is larger than 16 MB; {}": "Die Datei ist größer als 16 MB. {}",
    "Together the pictures are larger than 16 MB; choose fewer.": (
        "Zusammen sind die Bilder größer als 16 MB; bitte weniger auswählen."
    ),
    "{} of {} pictures are in the archive. {}": "{} von {} Bildern sind im Archiv. {}",
    "Bicubic and this network": "Bikubisch und dieses Netz",
    "Spot shown below; arrow keys move it": "Unten gezeigte Stelle; Pfeiltasten verschieben sie",
    "The same spot of each; drag it": "Dieselbe Stelle von jedem; sie lässt sich ziehen",
    "Zoom": "Zoom",
    "Format of the download": "Format der Datei",
    "What was invented?": "Was wurde erfunden?",
    "The result, reduced again, minus what was given. Dark: they agree. White: 16 grey levels off or more, so this "
    "cannot come from your picture. Detail finer than its pixels is never on this map: it is a guess everywhere.": (
        "Das Ergebnis, wieder verkleinert, minus die Vorlage. Dunkel: stimmt überein. Weiß: 16 Graustufen oder mehr "
        "daneben; das kann nicht aus dem Bild stammen. Feineres als dessen Pixel steht nie auf dieser Karte: Es ist "
        "überall geraten."
    ),
    "Open pictures": "Bilder öffnen",
    "Times larger, each side": "Faktor, je Seite",
    "Scale": "Faktor",
    "Compare with": "Vergleichen mit",
    "Honesty test: shrink the picture first, then compare with the truth": (
        "Ehrlichkeitstest: das Bild erst verkleinern, dann mit der Wahrheit vergleichen"
    ),
    "Or try": "Oder ausprobieren",
    "Real-ESRGAN and ESRGAN in their authors' format are read, files up to 64 MB. They take a minute or more for a "
    "large photograph.": (
        "Gelesen werden Real-ESRGAN und ESRGAN im Format ihrer Autoren, Dateien bis 64 MB. Für ein großes Foto "
        "brauchen sie eine Minute oder mehr."
    ),
    "Fast": "Schnell",
    "Quality": "Qualität",
    "Sharp": "Scharf",
    "This file": "Diese Datei",
    "brought by you": "mitgebracht",
    "faithful, in a moment": "treu, im Nu",
    "faithful, takes three times as long": "treu, dauert dreimal so lange",
    "invents detail that looks real": "erfindet Details, die echt aussehen",
    "faithful, for faces of 20 to 60 px": "treu, für Gesichter von 20 bis 60 px",
    "Coffee": "Kaffee",
    # playground
    "Parts of the playground": "Teile der Spielwiese",
    "Spam filter": "Spamfilter",
    "Densities": "Dichten",
    "The game": "Das Spiel",
    "Minimax by hand": "Minimax von Hand",
    "Training replay": "Training im Rückblick",
    "Your own points": "Eigene Punkte",
    "Draw with the pointer, or open a CSV file with two columns of numbers (10 to 5,000 lines).": (
        "Mit dem Zeiger zeichnen oder eine CSV-Datei mit zwei Spalten Zahlen öffnen (10 bis 5.000 Zeilen)."
    ),
    "Draw points here": "Hier Punkte zeichnen",
    "Use the drawing": "Zeichnung verwenden",
    "Open a CSV file": "CSV-Datei öffnen",
    "Clear": "Leeren",
    "G has to put its points where the real ones are. D tries to tell them apart.": (
        "G soll seine Punkte dorthin setzen, wo die echten sind. D versucht, sie zu unterscheiden."
    ),
    "Real and generated points in the plane": "Echte und erzeugte Punkte in der Ebene",
    "real": "echt",
    "generated": "erzeugt",
    "blue ground: D says real": "blauer Grund: D sagt echt",
    "measure": "Maß",
    "this GAN": "dieses GAN",
    "mixture, by EM": "Mischung, mit EM",
    "Losses and value": "Verluste und Wert",
    "Losses of both players and the value of the game over the rounds": (
        "Verluste beider Spieler und der Wert des Spiels über die Runden"
    ),
    "loss of D": "Verlust von D",
    "loss of G": "Verlust von G",
    "value V": "Wert V",
    "Restart": "Neu starten",
    "Single steps": "Einzelne Schritte",
    "Step D": "Schritt D",
    "Step G": "Schritt G",
    "Both": "Beide",
    "Lesson": "Lektion",
    "Points": "Punkte",
    "Loss": "Verlust",
    "Speed": "Tempo",
    "slow, one round at a time": "langsam, Runde für Runde",
    "25 rounds a picture": "25 Runden je Bild",
    "as fast as it goes": "so schnell es geht",
    "More settings": "Weitere Einstellungen",
    "Learning rate of D": "Lernrate von D",
    "Learning rate of G": "Lernrate von G",
    "Steps of D": "Schritte von D",
    "Steps of G": "Schritte von G",
    "Hidden layers": "Verdeckte Schichten",
    "Units in each": "Einheiten je Schicht",
    "Noise numbers": "Rauschzahlen",
    "Head start of D": "Vorsprung von D",
    "Optimiser": "Optimierer",
    "What is drawn": "Was gezeichnet wird",
    "what D thinks": "was D denkt",
    "where G is pulled": "wohin G gezogen wird",
    "G's grid, warped": "Gitter von G, verzerrt",
    "the mixture's ellipses": "Ellipsen der Mischung",
    "Film (GIF)": "Film (GIF)",
    "Numbers (CSV)": "Zahlen (CSV)",
    "modes covered": "getroffene Häufungen",
    "samples off the data": "Punkte neben den Daten",
    "data reached": "erreichte Daten",
    "log-likelihood": "Log-Likelihood",
    "has none": "hat keine",
    "{} nats a point": "{} nats je Punkt",
    "−log 4": "−log 4",
    "your own settings": "eigene Einstellungen",
    "your own points …": "eigene Punkte …",
    "your own points": "eigene Punkte",
    "After {} rounds: {}": "Nach {} Runden: {}",
    "{} visitors are training already; you are number {} in line. {}": (
        "Es wird schon an {} Stellen trainiert; Platz in der Reihe: {}. {}"
    ),
    "It starts by itself.": "Es geht von selbst los.",
    "Others are training at the moment; try again in a second.": (
        "Im Moment trainieren andere; bitte gleich noch einmal versuchen."
    ),
    "A density that can be written down: Gaussians, fitted to the points by EM, step by step.": (
        "Eine Dichte, die sich hinschreiben lässt: Gauß-Verteilungen, Schritt für Schritt mit EM an die Punkte "
        "angepasst."
    ),
    "Points and the Gaussians fitted to them": "Punkte und die daran angepassten Gauß-Verteilungen",
    "colour: which Gaussian a point came from, mixed where it is unsure": (
        "Farbe: aus welcher Gauß-Verteilung ein Punkt stammt; gemischt, wo es unsicher ist"
    ),
    "Mean log-likelihood, which never falls": "Mittlere Log-Likelihood, die nie fällt",
    "Mean log-likelihood over the steps": "Mittlere Log-Likelihood über die Schritte",
    "How many Gaussians? BIC, lower is better": "Wie viele Gauß-Verteilungen? BIC, kleiner ist besser",
    "BIC for each number of Gaussians": "BIC für jede Anzahl von Gauß-Verteilungen",
    "The same on faces: 64 × 64 pixels are one point of 12,288 numbers": (
        "Dasselbe mit Gesichtern: 64 × 64 Pixel sind ein Punkt aus 12.288 Zahlen"
    ),
    "Faces drawn from a mixture of Gaussians": "Gesichter aus einer Gauß-Mischung",
    "Faces drawn by a GAN": "Gesichter von einem GAN",
    "Other faces": "Andere Gesichter",
    "Back": "Zurück",
    "One step": "Ein Schritt",
    "Gaussians": "Gauß-Verteilungen",
    "Start (seed)": "Anfang (Seed)",
    "Another start": "Anderer Anfang",
    "draw new points from the fit": "neue Punkte aus der Anpassung ziehen",
    "{} Gaussian, BIC {}": "{} Gauß-Verteilung, BIC {}",
    "{} Gaussians, BIC {}": "{} Gauß-Verteilungen, BIC {}",
    "{} Gaussian, BIC {}, the best": "{} Gauß-Verteilung, BIC {}, am besten",
    "{} Gaussians, BIC {}, the best": "{} Gauß-Verteilungen, BIC {}, am besten",
    "After {} steps: {}": "Nach {} Schritten: {}",
    "E step: which Gaussian did each point come from? {} % of the points are over 90 % sure.": (
        "E-Schritt: Aus welcher Gauß-Verteilung stammt jeder Punkt? Bei {} % der Punkte ist es zu über 90 % sicher."
    ),
    "M step, next: each Gaussian moves to the mean and covariance of the points that it answers for.": (
        "Als Nächstes der M-Schritt: Jede Gauß-Verteilung rückt zu Mittelwert und Kovarianz der Punkte, für die sie "
        "zuständig ist."
    ),
    "M step: each Gaussian took the mean and covariance of the points that it answers for, and the likelihood {}.": (
        "M-Schritt: Jede Gauß-Verteilung nahm Mittelwert und Kovarianz der Punkte an, für die sie zuständig ist, und "
        "die Likelihood {}."
    ),
    "rose": "stieg",
    "hardly rose: the fit has ended": "stieg kaum noch: Die Anpassung ist fertig",
    "w_k, μ_k, Σ_k ← those of the points, weighted by γ_nk; {}": (
        "w_k, μ_k, Σ_k ← die der Punkte, gewichtet mit γ_nk; {}"
    ),
    "mean log p(x) = {} nats": "Mittel log p(x) = {} nats",
    "mean log p(x) = {} nats, before {}": "Mittel log p(x) = {} nats, vorher {}",
    "Mixture of Gaussians": "Gauß-Mischung",
    "Generated: nobody here exists. Seed {}, 64 × 64 px, enlarged.": (
        "Erzeugt: Niemanden hier gibt es. Seed {}, 64 × 64 px, vergrößert."
    ),
    "**Mixture of Gaussians**. An exact likelihood, and blur.": (
        "**Gauß-Mischung**. Eine exakte Likelihood und Unschärfe."
    ),
    "**GAN**. Sharp, and no likelihood.": "**GAN**. Scharf und ohne Likelihood.",
    "**GAN**. No likelihood: nobody can say how probable a photograph is for it. But {} % of a photograph's "
    "sharpness.": (
        "**GAN**. Keine Likelihood: Niemand kann sagen, wie wahrscheinlich ein Foto für dieses Netz ist. Dafür {} % "
        "der Schärfe eines Fotos."
    ),
    "**Mixture of Gaussians**. An exact likelihood: {} bits for each number of a photograph that it never saw ({} "
    "with one single Gaussian). And blur: {} % of a photograph's sharpness.": (
        "**Gauß-Mischung**. Eine exakte Likelihood: {} Bit für jede Zahl eines nie gesehenen Fotos ({} mit einer "
        "einzigen Gauß-Verteilung). Und Unschärfe: {} % der Schärfe eines Fotos."
    ),
    "A filter learns to stop spam. The spammer rewrites it until it passes.": (
        "Ein Filter lernt, Spam aufzuhalten. Der Spammer schreibt um, bis er durchkommt."
    ),
    "Messages and what the filter thinks": "Nachrichten und was der Filter denkt",
    "honest": "ehrlich",
    "spam": "Spam",
    "orange ground: the filter stops it": "oranger Grund: Der Filter hält es auf",
    "What the filter stops": "Was der Filter aufhält",
    "Shares of spam and of honest mail that are stopped, over the moves": (
        "Aufgehaltene Anteile von Spam und ehrlicher Post über die Züge"
    ),
    "spam stopped": "Spam aufgehalten",
    "honest mail stopped": "ehrliche Post aufgehalten",
    "Play both": "Beide spielen",
    "Filter learns": "Filter lernt",
    "Spammer rewrites": "Spammer schreibt um",
    "This is a GAN in small: the filter is a discriminator, a logistic regression; the spammer is a generator, who "
    "moves along the filter's own gradient. Next: **The game**.": (
        "Das ist ein GAN im Kleinen: Der Filter ist ein Diskriminator, eine logistische Regression; der Spammer ist "
        "ein Generator, der dem Gradienten des Filters selbst folgt. Weiter: **Das Spiel**."
    ),
    "After {} moves: {}": "Nach {} Zügen: {}",
    "Nothing has happened yet: the filter knows nothing and stops nothing. Let it learn.": (
        "Noch ist nichts geschehen: Der Filter weiß nichts und hält nichts auf. Jetzt darf er lernen."
    ),
    "The filter learned: it moved its border to where it is wrong least often.": (
        "Der Filter hat gelernt: Er hat seine Grenze dorthin verschoben, wo er sich am seltensten irrt."
    ),
    "The spammer rewrote: every message moved against w, as far as it still says what it has to say.": (
        "Der Spammer hat umgeschrieben: Jede Nachricht rückte gegen w, so weit sie noch sagt, was sie sagen soll."
    ),
    "It stops {} % of the spam, and {} % of the honest mail by mistake.": (
        "Er hält {} % des Spams auf und irrtümlich {} % der ehrlichen Post."
    ),
    "loss = −mean log P(right) = {}; the filter wants it small, the spammer large": (
        "Verlust = −Mittel log P(richtig) = {}; der Filter will ihn klein, der Spammer groß"
    ),
    "words such as “free” and “winner”": "Wörter wie „gratis“ und „Gewinn“",
    "exclamation marks and capitals": "Ausrufezeichen und Großbuchstaben",
    "words such as “free” and “winner” →": "Wörter wie „gratis“ und „Gewinn“ →",
    "exclamation marks and capitals →": "Ausrufezeichen und Großbuchstaben →",
    "One player moves x to make f small, the other moves y to make it large. Click to start there.": (
        "Ein Spieler bewegt x und will f klein, der andere bewegt y und will f groß. Ein Klick setzt den Anfang."
    ),
    "Orbits of two players in the plane": "Bahnen zweier Spieler in der Ebene",
    "x to the right, y up; arrows: where both want to go": "x nach rechts, y nach oben; Pfeile: wohin beide wollen",
    "way to step": "Art der Schritte",
    "distance from the solution": "Abstand von der Lösung",
    "Distance from the solution": "Abstand von der Lösung",
    "Distance from the solution over the steps, for four ways to step": (
        "Abstand von der Lösung über die Schritte, für vier Arten von Schritten"
    ),
    "η is the learning rate, v the direction in which each player improves alone. Simultaneous: p ← p + η v(p). "
    "Alternating: y answers the new x. Extragradient: p ← p + η v(p + η v(p)). Optimistic: p ← p + 2 η v(p) − η v(p "
    "before).": (
        "η ist die Lernrate, v die Richtung, in der sich jeder Spieler allein verbessert. Simultan: p ← p + η v(p). "
        "Abwechselnd: y antwortet auf das neue x. Extragradient: p ← p + η v(p + η v(p)). Optimistisch: p ← p + 2 η "
        "v(p) − η v(p vorher)."
    ),
    "Function": "Funktion",
    "Learning rate η": "Lernrate η",
    "Steps": "Schritte",
    "Start x": "Anfang x",
    "Start y": "Anfang y",
    "ran away": "davongelaufen",
    "under 0.001": "unter 0,001",
    "simultaneous": "simultan",
    "alternating": "abwechselnd",
    "extragradient": "Extragradient",
    "optimistic": "optimistisch",
    "Simultaneous": "Simultan",
    "Alternating": "Abwechselnd",
    "Extragradient": "Extragradient",
    "Optimistic": "Optimistisch",
    "The same random numbers, drawn by the same network again and again while it learned.": (
        "Dieselben Zufallszahlen, vom selben Netz immer wieder gezeichnet, während es lernte."
    ),
    "What the network drew at this moment": "Was das Netz zu diesem Zeitpunkt zeichnete",
    "Losses": "Verluste",
    "Losses over the training": "Verluste über das Training",
    "Training time": "Trainingszeit",
    "{} training pictures": "{} Trainingsbilder",
    "training pictures, of {}": "Trainingsbilder (von {})",
    "{} training pictures, of {}": "{} von {} Trainingsbildern",
    "discriminator loss": "Verlust des Diskriminators",
    "generator loss": "Verlust des Generators",
    "Minus the mean log-likelihood, in bits for each number of a picture. It can only fall on the pictures of the "
    "training; on held-out ones one has to look.": (
        "Minus die mittlere Log-Likelihood, in Bit für jede Zahl eines Bildes. Auf den Bildern des Trainings kann sie "
        "nur fallen; auf zurückgehaltenen muss man nachsehen."
    ),
    "Losses of a game need not fall: each player's rises when the other learns. Look at the pictures.": (
        "Verluste eines Spiels müssen nicht fallen: Der jedes Spielers steigt, wenn der andere lernt. Was zählt, sind "
        "die Bilder."
    ),
    "The network that is offered on this page, while it was trained.": (
        "Das Netz, das diese Seite anbietet, während es trainiert wurde."
    ),
    "It learns on this page, live.": "Es lernt auf dieser Seite, live.",
    "Balanced": "Ausgewogen",
    "Both learn at about the same speed. After some hundred rounds G reaches all eight clusters, and V nears its "
    "bound.": (
        "Beide lernen etwa gleich schnell. Nach einigen hundert Runden erreicht G alle acht Häufungen, und V nähert "
        "sich seiner Schranke."
    ),
    "Mode collapse": "Moduskollaps",
    "G takes ten steps for each of D's: it piles all its points onto the one place that D likes best at the moment, "
    "and runs on when D has noticed.": (
        "G macht zehn Schritte für jeden von D: Es häuft alle Punkte auf die eine Stelle, die D gerade am besten "
        "gefällt, und läuft weiter, sobald D es merkt."
    ),
    "Vanishing gradient": "Verschwindender Gradient",
    "D has taken 1,500 steps before G may begin, and is sure of itself: log(1 − D) is flat there, and the arrows "
    "are short. G needs some 400 rounds. Choose the non-saturating loss: arrows up to a hundred times as long, and "
    "it arrives within 50.": (
        "D hat schon 1.500 Schritte gemacht, bevor G anfangen darf, und ist sich sicher: log(1 − D) ist dort flach, "
        "und die Pfeile sind kurz. G braucht etwa 400 Runden. Mit dem nicht sättigenden Verlust werden die Pfeile bis "
        "zu hundertmal so lang, und G ist nach 50 am Ziel."
    ),
    "Discriminator too strong": "Diskriminator zu stark",
    "D takes ten large steps for each small one of G. The ground is blue or orange and nothing between; G finds two "
    "or three clusters and never learns of the others.": (
        "D macht zehn große Schritte für jeden kleinen von G. Der Grund ist blau oder orange und nichts dazwischen; G "
        "findet zwei oder drei Häufungen und erfährt nie von den anderen."
    ),
    "Non-saturating": "Nicht sättigend",
    "Minimax": "Minimax",
    "Least squares": "Kleinste Quadrate",
    "Wasserstein, penalty": "Wasserstein, Strafe",
    "Relativistic": "Relativistisch",
    "Ring of 8 Gaussians": "Ring aus 8 Gauß-Verteilungen",
    "Grid of 9 Gaussians": "Gitter aus 9 Gauß-Verteilungen",
    "Two moons": "Zwei Monde",
    "Spiral": "Spirale",
    "Line": "Linie",
    "The weights ran away to infinity: a step was larger than the slope allowed. Restart with smaller rates.": (
        "Die Gewichte sind ins Unendliche gelaufen: Ein Schritt war größer, als die Steigung erlaubt. Mit kleineren "
        "Raten neu starten."
    ),
    "w ← w − η ∇L, η too large": "w ← w − η ∇L, η zu groß",
    "D gives real points a probability of {} of being real, generated ones {}.": (
        "D hält echte Punkte mit einer Wahrscheinlichkeit von {} für echt, erzeugte mit {}."
    ),
    "D scores real points {} on average, generated ones {}; larger means more real.": (
        "D bewertet echte Punkte im Mittel mit {}, erzeugte mit {}; größer heißt echter."
    ),
    "G pulls its points along the arrows, up the slope of D: {} (mean length {}).": (
        "G zieht seine Punkte entlang der Pfeile den Hang von D hinauf: {} (mittlere Länge {})."
    ),
    "hardly at all: its gradient has vanished": "fast gar nicht: Sein Gradient ist verschwunden",
    "gently": "sanft",
    "hard, and may overshoot": "stark und womöglich zu weit",
    "D is worse than a coin for the moment: G has moved faster than D could follow.": (
        "D ist im Moment schlechter als ein Münzwurf: G war schneller, als D folgen konnte."
    ),
    "D can hardly tell the two apart: the value is near its bound.": (
        "D kann beide kaum unterscheiden: Der Wert ist nahe seiner Schranke."
    ),
    "D is nearly always right; G is losing.": "D hat fast immer recht; G verliert.",
    "D is ahead, and G still has something to learn from it.": "D liegt vorn, und G kann noch von ihm lernen.",
    "Each player's best move turns around the solution at (0, 0): plain steps spiral outwards.": (
        "Der beste Zug jedes Spielers dreht sich um die Lösung bei (0, 0): Einfache Schritte laufen in einer Spirale "
        "nach außen."
    ),
    "Both players have a best move of their own: every way leads straight to the solution.": (
        "Beide Spieler haben einen eigenen besten Zug: Jeder Weg führt geradewegs zur Lösung."
    ),
    "A little friction, as a gradient penalty gives it, turns the circle into a spiral inwards.": (
        "Ein wenig Reibung, wie sie eine Gradientenstrafe gibt, macht aus dem Kreis eine Spirale nach innen."
    ),
    "The smallest GAN (Mescheder et al. 2018): one real point at 0, one generated point at x, D(x) = σ(y x).": (
        "Das kleinste GAN (Mescheder et al. 2018): ein echter Punkt bei 0, ein erzeugter bei x, D(x) = σ(y x)."
    ),
    "A solution that is never reached: there is a cycle around it which draws all of them in (Hsieh, Mertikopoulos, "
    "Cevher 2021).": (
        "Eine Lösung, die nie erreicht wird: Um sie herum liegt ein Zyklus, der alle anzieht (Hsieh, Mertikopoulos, "
        "Cevher 2021)."
    ),
    # added
    "✓ Right": "✓ Richtig",
    "✗ Wrong": "✗ Falsch",
    "A morph of {} frames.": "Ein Morph aus {} Einzelbildern.",
    "{} × {} px.": "{} × {} px.",
    "{} × {} px; worked out at {} × {} and carried over.": "{} × {} px; bei {} × {} berechnet und übertragen.",
    "What is new here is generated.": "Was hier neu ist, wurde erzeugt.",
    "Same length, frame rate and sound.": "Gleiche Länge, Bildrate und gleicher Ton.",
    "faithful": "treu",
    "{} moves": "{} Züge",
    "{} steps": "{} Schritte",
    "clearly": "deutlich",
    "critic loss": "Verlust des Kritikers",
    "information loss": "Informationsverlust",
    "reconstruction loss": "Verlust der Rekonstruktion",
    "held out loss": "Verlust auf zurückgehaltenen Bildern",
    "training loss": "Verlust im Training",
    "recorded when the same command was repeated with the same seed on another machine (one H200), because this "
    "network was trained before recordings were kept; its last frame is not this network's.": (
        "Aufgezeichnet, als derselbe Befehl mit demselben Seed auf einem anderen Rechner (eine H200) wiederholt wurde, "
        "denn dieses Netz wurde trainiert, bevor es Aufzeichnungen gab; das letzte Bild ist nicht von diesem Netz."
    ),
    "It ends after {} of {} pictures.": "Sie endet nach {} von {} Bildern.",
    "V = mean log D(x) + mean log(1 − D(G(z))) = {} = {}; bound −log 4 = {}": (
        "V = Mittel log D(x) + Mittel log(1 − D(G(z))) = {} = {}; Schranke −log 4 = {}"
    ),
    "L_D = {} = {}": "L_D = {} = {}",
    "L_G = {} = {}": "L_G = {} = {}",
    "−mean log D(x) − mean log(1 − D(G(z)))": "−Mittel log D(x) − Mittel log(1 − D(G(z)))",
    "−mean log D(G(z))": "−Mittel log D(G(z))",
    "mean log(1 − D(G(z)))": "Mittel log(1 − D(G(z)))",
    "½ mean (D(x) − 1)² + ½ mean D(G(z))²": "½ Mittel (D(x) − 1)² + ½ Mittel D(G(z))²",
    "mean (D(G(z)) − 1)²": "Mittel (D(G(z)) − 1)²",
    "mean D(G(z)) − mean D(x) + mean (‖∇D‖ − 1)²": "Mittel D(G(z)) − Mittel D(x) + Mittel (‖∇D‖ − 1)²",
    "−mean D(G(z))": "−Mittel D(G(z))",
    "−mean log σ(D(x) − D(G(z)))": "−Mittel log σ(D(x) − D(G(z)))",
    "−mean log σ(D(G(z)) − D(x))": "−Mittel log σ(D(G(z)) − D(x))",
    "A **generator** is a network that turns random numbers, the latent $z$, into a picture. It never saw a "
    "photograph. It learned by playing against a second network, the **discriminator**, which saw photographs and "
    "pictures of the generator and had to tell them apart; whatever gave a picture away, the generator unlearned. "
    "Both play for the value": (
        "Ein **Generator** ist ein Netz, das aus Zufallszahlen, dem latenten Vektor $z$, ein Bild macht. Ein Foto hat "
        "er nie gesehen. Gelernt hat er im Spiel gegen ein zweites Netz, den **Diskriminator**: Dieser sah Fotos und "
        "Bilder des Generators und musste sie unterscheiden. Was ein Bild verriet, gewöhnte sich der Generator ab. "
        "Beide spielen um den Wert"
    ),
    r"with photographs $x$, latents $z \sim \mathcal{N}(0, 1)$, the generator $G$ and the discriminator's "
    r"probability $D$ that a picture is real.": (
        r"mit Fotos $x$, latenten Vektoren $z \sim \mathcal{N}(0, 1)$, dem Generator $G$ und der Wahrscheinlichkeit "
        r"$D$, mit der der Diskriminator ein Bild für echt hält."
    ),
    "The **mixture of Gaussians** never played. It was fitted to the principal components $c$ of the photographs "
    "and to what they leave over, $r$, and has what a GAN lacks, the exact likelihood of any picture:": (
        "Die **Gauß-Mischung** hat nie gespielt. Sie wurde an die Hauptkomponenten $c$ der Fotos angepasst und an den "
        "Rest $r$, den sie übrig lassen. Sie hat, was einem GAN fehlt: die exakte Likelihood jedes Bildes:"
    ),
    "What it pays is blur: sums of components cannot draw a fine edge wherever it may be. The GAN draws sharply and "
    "cannot say how likely a picture is. Here the first number of $z$ chooses the Gaussian $m$, and the others draw "
    "$c$ from it.": (
        "Der Preis ist Unschärfe: Summen von Komponenten können eine feine Kante nicht an beliebiger Stelle zeichnen. "
        "Das GAN zeichnet scharf und kann nicht sagen, wie wahrscheinlich ein Bild ist. Hier wählt die erste Zahl von "
        "$z$ die Gauß-Verteilung $m$, die übrigen ziehen daraus $c$."
    ),
    r"**Variety (truncation)** $\psi$ pulls what the first layer makes of $z$, $h = h(z)$, towards its mean: $\bar "
    r"h + \psi\,(h - \bar h)$. Small values stay near the average face, which is safer and duller. In the mixture "
    r"it pulls towards $\mu_m$.": (
        r"**Vielfalt (Trunkierung)** $\psi$ zieht das, was die erste Schicht aus $z$ macht, $h = h(z)$, zum Mittelwert "
        r"hin: $\bar h + \psi\,(h - \bar h)$. Kleine Werte bleiben nahe am Durchschnittsgesicht: sicherer, aber "
        r"langweiliger. In der Mischung zieht sie zu $\mu_m$."
    ),
    r"**Neighbours** of $z$ are $\sqrt{1 - s^2}\, z + s\,\varepsilon$ with fresh noise $\varepsilon$: as likely as "
    r"$z$ itself, and alike.": (
        r"**Nachbarn** von $z$ sind $\sqrt{1 - s^2}\, z + s\,\varepsilon$ mit frischem Rauschen $\varepsilon$: so "
        r"wahrscheinlich wie $z$ selbst und ihm ähnlich."
    ),
    "A **morph** follows the great circle from one latent to another, because the straight line passes through "
    "latents that were never trained. In the mixture it jumps where the first number of $z$ comes to the next "
    "Gaussian.": (
        "Ein **Morph** folgt dem Großkreis von einem latenten Vektor zum anderen, denn die gerade Linie führt durch "
        "Gegenden, die nie trainiert wurden. In der Mischung springt er, wo die erste Zahl von $z$ zur nächsten "
        "Gauß-Verteilung kommt."
    ),
    "**Training (steps)** shows the faces of seed 1 at full variety as the network drew them earlier in its training. "
    "The pictures were kept then; those of the finished network are drawn now.": (
        "**Training (Schritte)** zeigt die Gesichter zum Seed 1 in voller Vielfalt so, wie das Netz sie früher in "
        "seinem Training gezeichnet hat. Sie wurden damals aufgehoben, die des fertigen Netzes entstehen jetzt."
    ),
    "One face is a photograph, the other was drawn by a **generator**. Its opponent in training, the "
    "**discriminator**, plays the same rounds as you and sees the very pictures you see. Both kinds of picture have "
    "the same size, sharpness and file format, are varied anew in every round, and which one is real stays on the "
    "server until you answer.": (
        "Ein Gesicht ist ein Foto, das andere hat ein **Generator** gezeichnet. Sein Gegner aus dem Training, der "
        "**Diskriminator**, spielt dieselben Runden mit und sieht genau dieselben Bilder. Beide Arten von Bildern "
        "haben gleiche Größe, Schärfe und gleiches Dateiformat und werden in jeder Runde neu abgewandelt. Welches echt "
        "ist, bleibt bis zur Antwort auf dem Server."
    ),
    "**The photographs** are official portraits of members of the United States Congress, works of its government "
    "and free for everybody: real people in public office. Nobody that a network drew exists. Faces of both kinds are "
    "shown in an oval, which hides the studio's wall, with the same amounts of fine detail and with fresh grain. At "
    "the last level you do not see whatever the network draws: of some thousand faces, those that come nearest to the "
    "photographs in light, colour, age and expression, without the half to which the discriminator objects most.": (
        "**Die Fotos** sind amtliche Porträts von Mitgliedern des Kongresses der Vereinigten Staaten, Werke ihrer "
        "Regierung und frei für alle: wirkliche Menschen in öffentlichen Ämtern. Niemanden, den ein Netz gezeichnet "
        "hat, gibt es. Gesichter beider Arten erscheinen in einem Oval, das die Wand des Studios verdeckt, mit gleich "
        "vielen feinen Einzelheiten und frischem Korn. Auf der letzten Stufe erscheint nicht alles, was das Netz "
        "zeichnet: von einigen tausend Gesichtern diejenigen, die den Fotos in Licht, Farbe, Alter und "
        "Ausdruck am nächsten kommen, ohne die Hälfte, an der sich der Diskriminator am meisten stört."
    ),
    "What often gives a small network away:": "Woran sich ein kleines Netz oft verrät:",
    "After every answer, the *tell* names, and a ring marks, the part of the generated face that the discriminator "
    "objects to most: the one whose blurring would make the face look more real to it.": (
        "Nach jeder Antwort nennt der *Hinweis* die Stelle des erzeugten Gesichts, an der sich der Diskriminator am "
        "meisten stört, und ein Ring zeigt sie: die, deren Verwischen das Gesicht für ihn echter machen würde."
    ),
    r"**The discriminator's percentage** is its probability that the left face $x_l$ of a pair is the real one, $P "
    r"= \sigma(D(x_l) - D(x_r))$ with its logits $D$ and $\sigma(t) = 1 / (1 + e^{-t})$.": (
        r"**Der Prozentwert des Diskriminators** ist seine Wahrscheinlichkeit, dass das linke Gesicht $x_l$ eines "
        r"Paars das echte ist, $P = \sigma(D(x_l) - D(x_r))$ mit seinen Logits $D$ und $\sigma(t) = 1 / (1 + e^{-t})$."
    ),
    "**Level 1** shows what the generator drew early in its training, the last level what it drew at the end. The "
    "level that follows you goes up after three right answers in a row and down after a wrong one, and so settles "
    "where you are right in 79 %.": (
        "**Stufe 1** zeigt, was der Generator früh in seinem Training gezeichnet hat, die letzte Stufe, was er am Ende "
        "zeichnete. Die mitwandernde Stufe steigt nach drei richtigen Antworten in Folge und sinkt nach einer "
        "falschen; so pendelt sie sich dort ein, wo 79 % der Antworten richtig sind."
    ),
    "**The range behind a percentage** is Wilson's 95 % interval: with few rounds, chance plays along.": (
        "**Der Bereich hinter einem Prozentwert** ist das 95-%-Intervall nach Wilson: Bei wenigen Runden spielt der "
        "Zufall mit."
    ),
    r"**Sensitivity** is $d' = \sqrt{2}\, \Phi^{-1}(p)$ for a share $p$ of right answers, with the normal "
    r"distribution $\Phi$.": (
        r"**Die Sensitivität** ist $d' = \sqrt{2}\, \Phi^{-1}(p)$ bei einem Anteil $p$ richtiger Antworten, mit der "
        r"Normalverteilung $\Phi$."
    ),
    "**Calibration** compares how sure you said you were with how often you were right. The **Brier score** is the "
    "mean of $(c - r)^2$ with your confidence $c$ and the result $r$, 1 or 0.": (
        "**Die Kalibrierung** vergleicht die angegebene Sicherheit mit dem Anteil richtiger Antworten. Der "
        "**Brier-Wert** ist das Mittel von $(c - r)^2$ mit der angegebenen Sicherheit $c$ und dem Ergebnis $r$, 1 oder "
        "0."
    ),
    "With the keyboard: the left and right arrow choose, 5 to 9 and 0 say how sure you are (50 to 100 %), Enter "
    "goes on.": (
        "Mit der Tastatur: Pfeil links und rechts wählen, 5 bis 9 und 0 geben die Sicherheit an (50 bis 100 %), "
        "Eingabe geht weiter."
    ),
    "A random number in your browser's storage keeps your score. The server knows you by this number, and by a "
    'nickname if you give one; "Forget me" takes both off your answers, which stay in everybody\'s counts.': (
        "Den Spielstand hält eine Zufallszahl im Speicher des Browsers. Der Server kennt nur diese Zahl und, falls "
        "angegeben, einen Spitznamen. „Vergiss mich“ löst beides von den Antworten, die in der Zählung aller bleiben."
    ),
    "**Eyes that do not match.** They look in two directions, differ in size, or one has lost its pupil.": (
        "**Augen, die nicht zusammenpassen.** Sie blicken in zwei Richtungen, sind verschieden groß, oder einem fehlt "
        "die Pupille."
    ),
    "**Melted teeth.** A row of teeth runs into one bright band, or into the lips.": (
        "**Geschmolzene Zähne.** Eine Zahnreihe verläuft zu einem hellen Band oder in die Lippen."
    ),
    "**Glasses that fade.** The frame is there on one side and gone on the other.": (
        "**Brillen, die sich auflösen.** Der Bügel ist auf einer Seite da und auf der anderen weg."
    ),
    "**Hair without an edge.** Strands dissolve into the background, or the background grows into the hair.": (
        "**Haare ohne Rand.** Strähnen lösen sich im Hintergrund auf, oder der Hintergrund wächst ins Haar."
    ),
    "**Two unlike halves.** Ears, cheeks or brows on the left belong to another face than those on the right.": (
        "**Zwei ungleiche Hälften.** Ohren, Wangen oder Brauen links gehören zu einem anderen Gesicht als die rechts."
    ),
    "**Grain and blotches.** Flat skin shows a fine grid or a spot that no lamp would make.": (
        "**Körnung und Flecken.** Glatte Haut zeigt ein feines Gitter oder einen Fleck, den keine Lampe machen würde."
    ),
    "A **conditional** generator gets, beside random numbers $z$, labels $y$: floor, wall and object colour, and "
    "shape. Its opponent, the critic, sees the picture *and* the labels. A fine picture of something else is as "
    "wrong as a bad one:": (
        "Ein **bedingter** Generator bekommt neben Zufallszahlen $z$ auch Angaben $y$: die Farbe von Boden, Wand und "
        "Objekt sowie die Form. Sein Gegner, der Kritiker, sieht das Bild *und* die Angaben. Ein gutes Bild von etwas "
        "anderem ist so falsch wie ein schlechtes:"
    ),
    r"The critic compares by **projection**: $D(x, y) = \sigma\left(w^\top f(x) + \sum_k v_{y_k}^\top f(x)\right)$ "
    r"with features $f$ of the picture and one vector $v$ for each value of each label. It also learns to read the "
    r"labels, and the generator to be read right.": (
        r"Der Kritiker vergleicht durch **Projektion**: $D(x, y) = \sigma\left(w^\top f(x) + \sum_k v_{y_k}^\top "
        r"f(x)\right)$ mit Merkmalen $f$ des Bildes und einem Vektor $v$ für jeden Wert jeder Angabe. Außerdem lernt "
        r"er, die Angaben abzulesen, und der Generator, richtig gelesen zu werden."
    ),
    "What the labels leave open, size and direction of view, comes from the **seed**.": (
        "Was die Angaben offenlassen, Größe und Blickrichtung, kommt aus dem **Seed**."
    ),
    "A fifth of all 4,000 combinations was **never shown** in the training. Ask for one: a network that has "
    "understood colours and shapes apart from each other can put them together anew.": (
        "Ein Fünftel aller 4.000 Kombinationen kam im Training **nie vor**. Eine davon zu wünschen lohnt sich: Ein "
        "Netz, das Farben und Formen getrennt begriffen hat, kann sie neu zusammensetzen."
    ),
    "**Did it obey?** is answered by a third network, which learned from rendered pictures to read every factor and "
    "has never seen a generated one.": (
        "**Hat es gehorcht?** beantwortet ein drittes Netz. Es hat an gerenderten Bildern gelernt, jeden Faktor "
        "abzulesen, und nie ein erzeugtes gesehen."
    ),
    "**Faces.** A generator turns a latent $z$ into a face $G(z)$, and no single number of $z$ means anything. A "
    "straight line in $z$ that brings a smile brings years, too. So a small network $T$ learns the way: for a face, a "
    "slider $k$ and how far it is moved, $a$, it gives another latent. It is trained against a network $R$ that reads "
    "attributes in a picture:": (
        "**Gesichter.** Ein Generator macht aus einem latenten Vektor $z$ ein Gesicht $G(z)$, und keine einzelne Zahl "
        "von $z$ bedeutet etwas. Eine gerade Linie in $z$, die ein Lächeln bringt, bringt auch Jahre. Darum lernt ein "
        "kleines Netz $T$ den Weg: Für ein Gesicht, einen Regler $k$ und wie weit er bewegt wird, $a$, gibt es einen "
        "anderen latenten Vektor. Trainiert wird es gegen ein Netz $R$, das Merkmale aus einem Bild liest:"
    ),
    "where $d$ compares the reader's features and coarse colours: the face should stay who it is. The generator itself "
    "is not changed.": (
        "Dabei vergleicht $d$ die inneren Merkmale des lesenden Netzes und grobe Farben: Das Gesicht soll bleiben, wer "
        "es ist. Der Generator selbst wird nicht verändert."
    ),
    r"**Found without labels**: the directions of $z$ that the generator's first layer amplifies most, the "
    r"eigenvectors of $A^{\top} A$ for its weights $A$ (*SeFa*). Nobody named them; what each does was read "
    r"afterwards.": (
        r"**Ohne Beschriftungen gefunden**: die Richtungen von $z$, die die erste Schicht des Generators am meisten "
        r"verstärkt, die Eigenvektoren von $A^{\top} A$ für ihre Gewichte $A$ (*SeFa*). Niemand hat sie benannt; was "
        r"jede tut, wurde hinterher gelesen."
    ),
    "**Leak meter**, for faces: how far each reading moves on average when a slider goes from one end to the other, "
    "over 200 random faces. One long bar is what is hoped for.": (
        "**Leckmesser**, für Gesichter: wie weit sich jedes gelesene Merkmal im Mittel bewegt, wenn ein Regler von "
        "einem Ende zum anderen geht, über 200 zufällige Gesichter. Erhofft ist ein einziger langer Balken."
    ),
    "**Scenes and sprites.** An ordinary generator turns noise into pictures, and no single number of the noise means "
    "anything. **InfoGAN** splits its input into codes $c$ and noise $z$ and adds a third network, the encoder $Q$, "
    "that has to read the codes back from the picture. Generator and encoder are rewarded together:": (
        "**Szenen und Sprites.** Ein gewöhnlicher Generator macht aus Rauschen Bilder, und keine einzelne Zahl des "
        "Rauschens bedeutet etwas. **InfoGAN** teilt die Eingabe in Codes $c$ und Rauschen $z$ und fügt ein drittes "
        "Netz hinzu, den Encoder $Q$, der die Codes aus dem Bild zurücklesen muss. Generator und Encoder werden "
        "gemeinsam belohnt:"
    ),
    r"So every code has to leave a trace that can be read, and codes tend to settle on what varies in the pictures. "
    r"**InfoGAN-CR** adds a game with pairs: two pictures share one code, $c_k$, and differ in all others; a "
    r"network $H$ has to say which $k$ it was, and the generator helps it with weight $\alpha$:": (
        r"Jeder Code muss also eine lesbare Spur hinterlassen, und Codes setzen sich meist auf das, was in den Bildern "
        r"variiert. **InfoGAN-CR** ergänzt ein Spiel mit Paaren: Zwei Bilder teilen einen Code, $c_k$, und "
        r"unterscheiden sich in allen anderen. Ein Netz $H$ muss sagen, welches $k$ es war, und der Generator hilft "
        r"ihm dabei mit dem Gewicht $\alpha$:"
    ),
    "which it can do only by making each code change something of its own. No label is ever used.": (
        "Das gelingt ihm nur, wenn jeder Code etwas Eigenes verändert. Beschriftungen werden nie verwendet."
    ),
    "**What was told, and what was not.** Hue is a circle, so three of the codes are circular, and each of these is "
    "a *paint*: it moves one colour, and the network finds out which part of the picture has it. The other codes "
    "move forms and never see a colour. That much is built in. Which paint takes the floor, which code turns the "
    "room, was found. In the sprites' network four codes are *moves*: shift across and down, size and turn act on "
    "what the fifth draws, and on nothing else. Found there: the three shapes, how far the shifts go, and how all "
    "five are read from a picture.": (
        "**Was vorgegeben war und was nicht.** Der Farbton ist ein Kreis; darum sind drei der Codes kreisförmig, und "
        "jeder davon ist eine *Farbe*: Er bewegt einen Farbton, und das Netz findet heraus, welcher Teil des Bildes "
        "ihn trägt. Die anderen Codes bewegen Formen und sehen nie eine Farbe. So viel ist eingebaut. Welche Farbe der "
        "Boden bekommt und welcher Code den Raum dreht, wurde gefunden. Im Netz der Sprites sind vier Codes "
        "*Bewegungen*: Verschieben quer und senkrecht, Größe und Drehung wirken auf das, was der fünfte zeichnet, und "
        "auf nichts sonst. Gefunden wurden dort die drei Formen, die Weite der Verschiebungen und wie sich alle fünf "
        "aus einem Bild ablesen lassen."
    ),
    "**Leak meter**, for scenes and sprites: each code is moved over its range from eight random pictures, and a "
    "network that reads the true factors says how far each of them moved (1: as far as between two random pictures). "
    "One long bar is what is hoped for.": (
        "**Leckmesser**, für Szenen und Sprites: Jeder Code wird von acht zufälligen Bildern aus über seinen Bereich "
        "bewegt, und ein Netz, das die wahren Faktoren abliest, sagt, wie weit sich jeder davon bewegt hat (1: so weit "
        "wie zwischen zwei zufälligen Bildern). Erhofft ist ein einziger langer Balken."
    ),
    "**Scores** compare the encoder's codes on rendered pictures with the true factors: *FactorVAE*, *DCI* "
    "(disentanglement) and *MIG*, each from 0 to 1. FactorVAE alone is easily fooled. On the scenes here the "
    "regularizer changes little; far more comes from drawing rendered pictures again, without labels, from the codes "
    "that $Q$ reads.": (
        "**Wertungen** vergleichen die Codes des Encoders auf gerenderten Bildern mit den wahren Faktoren: "
        "*FactorVAE*, *DCI* (Disentanglement) und *MIG*, jeweils von 0 bis 1. FactorVAE allein lässt sich leicht "
        "täuschen. Bei den Szenen hier ändert der Regularisierer wenig; weit mehr bringt es, gerenderte Bilder ohne "
        "Etiketten aus den Codes, die $Q$ liest, noch einmal zu zeichnen."
    ),
    "**Your own face** is looked for among all that the generator can draw: a network $E$ guesses the latent from the "
    r"picture $x$, and descent refines it, $\min_z \|G(z) - x\|_1 + \lambda \, \|f(G(z)) - f(x)\|^2$, on reduced "
    "pictures and on features $f$ of a network that reads faces.": (
        "**Ihr eigenes Gesicht** wird unter allem gesucht, was der Generator zeichnen kann: Ein Netz $E$ schätzt den "
        r"latenten Vektor aus dem Bild $x$, und ein Abstieg verfeinert ihn, $\min_z \|G(z) - x\|_1 + \lambda \, "
        r"\|f(G(z)) - f(x)\|^2$, auf verkleinerten Bildern und auf Merkmalen $f$ eines Netzes, das Gesichter liest."
    ),
    "**A plain GAN** is offered, too: its sliders are the first six numbers of the noise, and each moves a little "
    "of everything.": (
        "**Ein einfaches GAN** steht auch zur Wahl: Seine Regler sind die ersten sechs Zahlen des Rauschens, und jeder "
        "bewegt von allem ein wenig."
    ),
    r"With **pairs** $(x, y)$, the same street as a map of labels and as a photograph, translation is a regression "
    r"with a critic that sees both (pix2pix): $\min_G \max_D \; \mathbb{E}\left[\log D(x, y)\right] + "
    r"\mathbb{E}\left[\log(1 - D(x, G(x)))\right] + \lambda\,\mathbb{E}\left\|y - G(x)\right\|_1$.": (
        r"Mit **Paaren** $(x, y)$, derselben Straße als Karte von Klassen und als Foto, ist Übersetzen eine Regression "
        r"mit einem Kritiker, der beides sieht (pix2pix): $\min_G \max_D \; \mathbb{E}\left[\log D(x, y)\right] + "
        r"\mathbb{E}\left[\log(1 - D(x, G(x)))\right] + \lambda\,\mathbb{E}\left\|y - G(x)\right\|_1$."
    ),
    r"**Without pairs** there is no photograph of the same street at night. **CycleGAN** trains two generators, $G: "
    r"X \to Y$ and $F: Y \to X$, two discriminators, and asks that the way there and back ends where it began:": (
        r"**Ohne Paare** gibt es kein Foto derselben Straße bei Nacht. **CycleGAN** trainiert zwei Generatoren, $G: X "
        r"\to Y$ und $F: Y \to X$, zwei Diskriminatoren, und verlangt, dass Hin- und Rückweg dort enden, wo sie "
        r"begannen:"
    ),
    r"**No inverted colours**: a picture that is of the other kind already should stay, $G(y) \approx y$ (identity "
    r"loss).": (
        r"**Keine verkehrten Farben**: Ein Bild, das schon von der anderen Art ist, soll bleiben, $G(y) \approx y$ "
        r"(Identitätsverlust)."
    ),
    r"**No spill**: our generators draw new content $c$ and a mask $m$, and the result is $m \odot x + (1 - m) "
    r"\odot c$. Where the mask is 1, the picture is yours, untouched.": (
        r"**Kein Übergreifen**: Unsere Generatoren zeichnen neuen Inhalt $c$ und eine Maske $m$, und das Ergebnis ist "
        r"$m \odot x + (1 - m) \odot c$. Wo die Maske 1 ist, bleibt das Bild unberührt."
    ),
    "**Any size**: the network works at the size it was trained at. What it did to the brightness around each place "
    "is carried over to your picture's own pixels (guided filter), so every detail of yours stays sharp.": (
        "**Jede Größe**: Das Netz arbeitet in der Größe, in der es trainiert wurde. Was es mit der Helligkeit um jede "
        "Stelle getan hat, wird auf die Pixel des eigenen Bildes übertragen (Guided Filter); so bleibt jedes Detail "
        "scharf."
    ),
    "**Round trip** shows $F(G(x))$ and where it misses $x$. **X-ray** shows what the discriminator says of each 70 "
    "x 70 patch: it was trained to tell drawn from real.": (
        "**Hin und zurück** zeigt $F(G(x))$ und wo es $x$ verfehlt. **Röntgenbild** zeigt, was der Diskriminator zu "
        "jedem Ausschnitt von 70 x 70 Pixeln sagt: Er wurde trainiert, Gezeichnetes von Echtem zu unterscheiden."
    ),
    "**Clips** go frame by frame. Where nothing moves, each frame is mixed with the one before it: lamps do not "
    "flicker.": (
        "**Clips** werden Bild für Bild übersetzt. Wo sich nichts bewegt, wird jedes Bild mit dem vorigen gemischt: "
        "Lampen flackern nicht."
    ),
    r"A small picture $x$ is what is left of a large one $y$: $x = \downarrow_s (k * y)$, blurred by the filter $k$ "
    r"and thinned out by the scale $s$. Many large pictures have the same small one, so nobody can invert this.": (
        r"Ein kleines Bild $x$ ist, was von einem großen $y$ übrig bleibt: $x = \downarrow_s (k * y)$, weichgezeichnet "
        r"vom Filter $k$ und ausgedünnt um den Faktor $s$. Viele große Bilder haben dasselbe kleine, darum lässt sich "
        r"das nicht umkehren."
    ),
    r"**Faithful** networks (Fast, Quality) learn $\min_\theta \mathbb{E}\,\|f_\theta(x) - y\|$, first with "
    r"$\|\cdot\|_1$, then squared: of all pictures that fit, they draw the mean. That is nearest on average, and "
    r"soft.": (
        r"**Treue** Netze (Schnell, Qualität) lernen $\min_\theta \mathbb{E}\,\|f_\theta(x) - y\|$, zuerst mit "
        r"$\|\cdot\|_1$, dann quadriert: Von allen passenden Bildern zeichnen sie das Mittel. Das liegt im Schnitt am "
        r"nächsten und ist weich."
    ),
    r"**Sharp** goes on from there in a game, as SRGAN does: $\min_\theta \; \|f_\theta(x) - y\|_1 + \lambda\, "
    r"\mathbb{E}\,(D(f_\theta(x)) - 1)^2$ and more, while the discriminator $D$ learns to tell results from true "
    r"pictures. It draws *one* picture that fits, and its detail is a guess.": (
        r"**Scharf** macht von dort im Spiel weiter, wie SRGAN: $\min_\theta \; \|f_\theta(x) - y\|_1 + \lambda\, "
        r"\mathbb{E}\,(D(f_\theta(x)) - 1)^2$ und mehr, während der Diskriminator $D$ lernt, Ergebnisse von wahren "
        r"Bildern zu unterscheiden. Es zeichnet *ein* passendes Bild, und seine Details sind geraten."
    ),
    r"**How near?** $\mathrm{PSNR} = 10 \log_{10} \frac{255^2}{\mathrm{MSE}}$ in dB, on brightness; 6 dB more are "
    r"half the error. SSIM compares structure in windows of 11 px, 1 is equal.": (
        r"**Wie nah?** $\mathrm{PSNR} = 10 \log_{10} \frac{255^2}{\mathrm{MSE}}$ in dB, auf der Helligkeit; 6 dB mehr "
        r"sind der halbe Fehler. SSIM vergleicht die Struktur in Fenstern von 11 px, 1 heißt gleich."
    ),
    r"**What was invented?** Reduce the result again: $\downarrow_s(k * f_\theta(x)) - x$ is zero where it agrees "
    r"with what was given, bright on the map where it does not.": (
        r"**Was wurde erfunden?** Das Ergebnis wird wieder verkleinert: $\downarrow_s(k * f_\theta(x)) - x$ ist null, "
        r"wo es zum Gegebenen passt, und hell auf der Karte, wo nicht."
    ),
    r"**The network** is a stack of $3 \times 3$ convolutions at the small size; the last one writes $s^2$ "
    r"sub-pixels for every pixel (Shi et al. 2016). While it learns, each kernel is a product $W = B + P E$ of "
    r"larger ones, which collapses to one. Nothing looks at the whole picture, so **tiles equal the whole**, bit "
    r"for bit, and there are no seams.": (
        r"**Das Netz** ist ein Stapel von $3 \times 3$-Faltungen in der kleinen Größe; die letzte schreibt $s^2$ "
        r"Teilpixel für jedes Pixel (Shi et al. 2016). Während es lernt, ist jeder Kern ein Produkt $W = B + P E$ "
        r"größerer Kerne, das zu einem zusammenfällt. Nichts schaut auf das ganze Bild; darum **gleichen Kacheln dem "
        r"Ganzen**, Bit für Bit, und es gibt keine Nähte."
    ),
    "**Transparency**: hidden colours are replaced by those of what is seen nearby, so there is no fringe.": (
        "**Transparenz**: Verdeckte Farben werden durch die des Sichtbaren daneben ersetzt, so entsteht kein Saum."
    ),
    r"**Densities.** Maximum likelihood asks for the parameters $\theta$ under which the points are most probable, "
    r"$\max_\theta \sum_n \log p_\theta(x_n)$. For one Gaussian the answer is the mean and the covariance of the "
    r"points. For a mixture $p(x) = \sum_k w_k\, \mathcal N(x; \mu_k, \Sigma_k)$ it cannot be written down, and "
    r"**EM** climbs to it: the E step computes the responsibilities $\gamma_{nk}$, the M step sets $w_k, \mu_k, "
    r"\Sigma_k$ to those of the points weighted by them. No step lowers the likelihood. **BIC** $= -2 \log L + m "
    r"\log N$, with $m$ free numbers and $N$ points, says how many Gaussians are worth their numbers.": (
        r"**Dichten.** Maximum Likelihood fragt nach den Parametern $\theta$, unter denen die Punkte am "
        r"wahrscheinlichsten sind, $\max_\theta \sum_n \log p_\theta(x_n)$. Bei einer Gauß-Verteilung sind das "
        r"Mittelwert und Kovarianz der Punkte. Bei einer Mischung $p(x) = \sum_k w_k\, \mathcal N(x; \mu_k, \Sigma_k)$ "
        r"lässt sich die Antwort nicht hinschreiben, und **EM** klettert zu ihr: Der E-Schritt berechnet die "
        r"Zuständigkeiten $\gamma_{nk}$, der M-Schritt setzt $w_k, \mu_k, \Sigma_k$ auf die Werte der damit "
        r"gewichteten Punkte. Kein Schritt senkt die Likelihood. **BIC** $= -2 \log L + m \log N$, mit $m$ freien "
        r"Zahlen und $N$ Punkten, sagt, wie viele Gauß-Verteilungen ihre Zahlen wert sind."
    ),
    "**Why not a deep generator?** For $x = G(z)$ the density needs an integral over all $z$ that nobody can "
    "compute. So a second network judges in its place.": (
        "**Warum kein tiefer Generator?** Für $x = G(z)$ braucht die Dichte ein Integral über alle $z$, das niemand "
        "berechnen kann. Darum urteilt an ihrer Stelle ein zweites Netz."
    ),
    r"**The game.** A spam filter is a discriminator: $D(x) = \sigma(w^\top x + b)$, fitted by maximum likelihood "
    r'to "real" and "generated". With both as networks they play for': (
        r"**Das Spiel.** Ein Spamfilter ist ein Diskriminator: $D(x) = \sigma(w^\top x + b)$, mit Maximum Likelihood "
        r"an „echt“ und „erzeugt“ angepasst. Sind beide Netze, spielen sie um"
    ),
    r"For a fixed $G$ the best $D$ is $p_\text{data} / (p_\text{data} + p_G)$, and then $V = -\log 4 + "
    r"2\,\mathrm{JSD}(p_\text{data} \,\|\, p_G)$: never less than $-\log 4$, and equal to it only where G draws "
    r"exactly as the data are. The losses: *minimax*, as written; *non-saturating*, G maximises $\log D(G(z))$, "
    r"whose slope does not vanish where D is sure; *least squares* (Mao et al. 2017); *Wasserstein* with a penalty "
    r"on $\|\nabla D\|$ (Gulrajani et al. 2017); *relativistic* (Jolicoeur-Martineau 2018).": (
        r"Für festes $G$ ist das beste $D$ gleich $p_\text{data} / (p_\text{data} + p_G)$, und dann ist $V = -\log 4 + "
        r"2\,\mathrm{JSD}(p_\text{data} \,\|\, p_G)$: nie kleiner als $-\log 4$ und nur dann gleich, wenn G genau so "
        r"zeichnet, wie die Daten sind. Die Verluste: *Minimax*, wie oben; *nicht sättigend*, G maximiert $\log "
        r"D(G(z))$, dessen Steigung nicht verschwindet, wo D sicher ist; *kleinste Quadrate* (Mao et al. 2017); "
        r"*Wasserstein* mit einer Strafe auf $\|\nabla D\|$ (Gulrajani et al. 2017); *relativistisch* "
        r"(Jolicoeur-Martineau 2018)."
    ),
    r"**Minimax by hand.** Plain gradient steps on $f(x, y) = x y$ multiply the distance from the solution by "
    r"$\sqrt{1 + \eta^2}$ each time. Looking ahead (extragradient) or back (optimistic) turns the spiral inwards.": (
        r"**Minimax von Hand.** Einfache Gradientenschritte auf $f(x, y) = x y$ vervielfachen den Abstand von der "
        r"Lösung jedes Mal um $\sqrt{1 + \eta^2}$. Vorausschauen (Extragradient) oder Zurückschauen (optimistisch) "
        r"dreht die Spirale nach innen."
    ),
    "**Learned while you watch.** Points, settings and seed decide everything, so the permalink plays the same game "
    "again. G and D have {} numbers together at the default size. At most {} visitors train at the same time; the "
    "next one is told their place in line. Your own points stay in the server's memory for a while and are never "
    "written to a disk.": (
        "**Gelernt wird beim Zuschauen.** Punkte, Einstellungen und Seed entscheiden alles; der Permalink spielt "
        "dasselbe Spiel noch einmal. G und D haben in der Grundeinstellung zusammen {} Zahlen. Höchstens {} Gäste "
        "trainieren zugleich; wer dann kommt, erfährt den Platz in der Reihe. Eigene Punkte bleiben eine Weile im "
        "Arbeitsspeicher des Servers und werden nie auf eine Platte geschrieben."
    ),
    "**Learned while you watch.** Points, settings and seed decide everything, so the permalink plays the same game "
    "again. At most {} visitors train at the same time; the next one is told their place in line. Your own points "
    "stay in the server's memory for a while and are never written to a disk.": (
        "**Gelernt wird beim Zuschauen.** Punkte, Einstellungen und Seed entscheiden alles; der Permalink spielt "
        "dasselbe Spiel noch einmal. Höchstens {} Gäste trainieren zugleich; wer dann kommt, erfährt den Platz in der "
        "Reihe. Eigene Punkte bleiben eine Weile im Arbeitsspeicher des Servers und werden nie auf eine Platte "
        "geschrieben."
    ),
    "This network is kept on the Hugging Face Hub: [{}](https://huggingface.co/{}).": (
        "Dieses Netz liegt auf dem Hugging Face Hub: [{}](https://huggingface.co/{})."
    ),
    "Goodfellow et al., *Generative Adversarial Nets*, 2014. Radford, Metz, Chintala, *Unsupervised Representation "
    "Learning with Deep Convolutional Generative Adversarial Networks*, 2016. White, *Sampling Generative "
    "Networks*, 2016. Karras, Laine, Aila, *A Style-Based Generator Architecture for Generative Adversarial "
    "Networks*, 2019 (truncation). Moghaddam, Pentland, *Probabilistic Visual Learning for Object Representation*, "
    "1997; Tipping, Bishop, *Probabilistic Principal Component Analysis*, 1999 (the mixture).": (
        "Goodfellow et al., *Generative Adversarial Nets*, 2014. Radford, Metz, Chintala, *Unsupervised Representation "
        "Learning with Deep Convolutional Generative Adversarial Networks*, 2016. White, *Sampling Generative "
        "Networks*, 2016. Karras, Laine, Aila, *A Style-Based Generator Architecture for Generative Adversarial "
        "Networks*, 2019 (Trunkierung). Moghaddam, Pentland, *Probabilistic Visual Learning for Object "
        "Representation*, 1997; Tipping, Bishop, *Probabilistic Principal Component Analysis*, 1999 (die Mischung)."
    ),
    "Goodfellow et al., *Generative Adversarial Nets*, 2014. Macmillan and Creelman, *Detection Theory*, 2005. "
    "Levitt, *Transformed Up-Down Methods in Psychoacoustics*, 1971. Wilson, *Probable Inference*, 1927.": (
        "Goodfellow et al., *Generative Adversarial Nets*, 2014. Macmillan und Creelman, *Detection Theory*, 2005. "
        "Levitt, *Transformed Up-Down Methods in Psychoacoustics*, 1971. Wilson, *Probable Inference*, 1927."
    ),
    "Mirza and Osindero, *Conditional Generative Adversarial Nets*, 2014. Miyato and Koyama, *cGANs with Projection "
    "Discriminator*, 2018. Odena, Olah, Shlens, *Conditional Image Synthesis with Auxiliary Classifier GANs*, 2017.": (
        "Mirza und Osindero, *Conditional Generative Adversarial Nets*, 2014. Miyato und Koyama, *cGANs with "
        "Projection Discriminator*, 2018. Odena, Olah, Shlens, *Conditional Image Synthesis with Auxiliary Classifier "
        "GANs*, 2017."
    ),
    # errors: values
    "The {} is {}; it has to be a whole number from {} to {}.": (
        "{0}: {1} ist nicht möglich; nötig ist eine ganze Zahl von {2} bis {3}."
    ),
    "The {} is {}; it has to be a number from {} to {}.": (
        "{0}: {1} ist nicht möglich; nötig ist eine Zahl von {2} bis {3}."
    ),
    "The {} is {}; it has to be from {} to {}.": "{0}: {1} ist nicht möglich; nötig ist ein Wert von {2} bis {3}.",
    "The {} is {}; it has to be a whole number.": "{0}: {1} ist nicht möglich; nötig ist eine ganze Zahl.",
    "The {} is empty; it has to be a number.": "{0}: Das Feld ist leer; nötig ist eine Zahl.",
    "The {} is {}; it has to be a number.": "{0}: {1} ist nicht möglich; nötig ist eine Zahl.",
    "The {} is {}; choose one of {}.": "{0}: {1} gibt es nicht; möglich sind {2}.",
    "seed": "Seed",
    "second seed": "Zweiter Seed",
    "number of pictures": "Anzahl der Bilder",
    "number of frames": "Anzahl der Einzelbilder",
    "variety (truncation)": "Vielfalt (Trunkierung)",
    "training step": "Trainingsschritt",
    "number of a picked face": "Nummer eines gewählten Gesichts",
    "number of steps": "Anzahl der Schritte",
    "number of Gaussians": "Anzahl der Gauß-Verteilungen",
    "number of rounds": "Anzahl der Runden",
    "last round": "Letzte Runde",
    "number of channels": "Anzahl der Kanäle",
    "learning rate": "Lernrate",
    "learning rate of D": "Lernrate von D",
    "learning rate of G": "Lernrate von G",
    "number of steps of D": "Schritte von D",
    "number of steps of G": "Schritte von G",
    "number of hidden layers": "Verdeckte Schichten",
    "number of units": "Einheiten je Schicht",
    "noise dimension": "Rauschzahlen",
    "head start of D": "Vorsprung von D",
    "start x": "Anfang x",
    "start y": "Anfang y",
    "step": "Schritt",
    "example": "Beispiel",
    "discriminator rate": "Lernrate von D",
    "generator rate": "Lernrate von G",
    "discriminator steps": "Schritte von D",
    "generator steps": "Schritte von G",
    "layers": "Verdeckte Schichten",
    "width": "Breite",
    "noise": "Rauschzahlen",
    "head start": "Vorsprung von D",
    "loss": "Verlust",
    "optimiser": "Optimierer",
    "The network is {}; it has to be a name.": "Das Netz ist {}; nötig ist ein Name.",
    "The mode is {}; {} are accepted.": "Den Modus {} gibt es nicht; möglich sind {}.",
    "none": "keine",
    "{} has no pictures of training step {}; it has: {}.": (
        "{} hat keine Bilder des Trainingsschritts {}; vorhanden: {}."
    ),
    "The file ladder/{} of {} is broken; train or download it again.": (
        "Die Datei ladder/{} von {} ist beschädigt; bitte neu trainieren oder herunterladen."
    ),
    "The config.json of {} does not describe a generator with a ladder; train or download it again.": (
        "Die config.json von {} beschreibt keinen Generator mit einer Leiter; bitte neu trainieren oder herunterladen."
    ),
    "The file ladder/{} of {} is larger than {} MB; train or download it again.": (
        "Die Datei ladder/{} von {} ist größer als {} MB; bitte neu trainieren oder herunterladen."
    ),
    "The file ladder/{} of {} has {} x {} px; a sheet of {} pictures of {} px has {} x {}. Train or download it "
    "again.": (
        "Die Datei ladder/{} von {} hat {} x {} px; ein Bogen von {} Bildern mit {} px hat {} x {}. Bitte neu "
        "trainieren oder herunterladen."
    ),
    "The resolution is {} px; 64, 128 and 256 are accepted.": (
        "Die Auflösung ist {} px; möglich sind 64, 128 und 256."
    ),
    "The widths are {}; a {} px network has {}, each at least {}.": (
        "Die Breiten sind {}; ein Netz für {} px hat {}, jede mindestens {}."
    ),
    "A second convolution is asked for at {} px; sides are {}.": (
        "Eine zweite Faltung ist bei {} px verlangt; die Seiten sind {}."
    ),
    "The {} are {}; whole numbers with commas between them are expected.": (
        "Die Werte von {} sind {}; nötig sind ganze Zahlen mit Kommas dazwischen."
    ),
    "Attributes of faces": "Merkmale von Gesichtern",
    "{} is not a generator of pictures; choose another network.": (
        "{} erzeugt keine Bilder; bitte ein anderes Netz wählen."
    ),
    "The path has {} picks; up to {} are accepted.": "Der Pfad hat {} Gesichter; bis zu {} sind möglich.",
    "There is no such file; choose one of {}.": "Diese Datei gibt es nicht; möglich sind {}.",
    "There is no such file; gif and csv are there.": "Diese Datei gibt es nicht; vorhanden sind gif und csv.",
    "The format is {}; {} are offered.": "Das Format {} gibt es nicht; möglich sind {}.",
    # errors: the server
    "Something went wrong on our side; it was written down. Please try again.": (
        "Hier ist etwas schiefgegangen; es wurde vermerkt. Bitte noch einmal versuchen."
    ),
    "Many large pictures are being received just now; please try again in a few seconds.": (
        "Gerade treffen viele große Bilder ein; bitte in ein paar Sekunden noch einmal versuchen."
    ),
    "This is no request that the page could have sent; open the page again.": (
        "Diese Anfrage kann nicht von der Seite stammen; bitte die Seite neu öffnen."
    ),
    "This request has no fields; open the page again.": "Diese Anfrage hat keine Felder; bitte die Seite neu öffnen.",
    "This page does not offer that.": "Das bietet diese Seite nicht an.",
    "The request is not understood; {}: {}.": "Die Anfrage ist unverständlich; {}: {}.",
    "The request took too long to arrive; please try again.": (
        "Die Anfrage brauchte zu lange; bitte noch einmal versuchen."
    ),
    "The request is too large; up to {} MB are accepted.": "Die Anfrage ist zu groß; bis zu {} MB sind möglich.",
    "Too many requests came from your address; please try again in {} second.": (
        "Von dieser Adresse kamen zu viele Anfragen; bitte in {} Sekunde noch einmal versuchen."
    ),
    "Too many requests came from your address; please try again in {} seconds.": (
        "Von dieser Adresse kamen zu viele Anfragen; bitte in {} Sekunden noch einmal versuchen."
    ),
    "The page is busy: {} requests are being answered; please try again in a few seconds.": (
        "Die Seite ist beschäftigt: {} Anfragen sind in Arbeit; bitte in ein paar Sekunden noch einmal versuchen."
    ),
    "The page is being restarted; please try again in a minute.": (
        "Die Seite wird neu gestartet; bitte in einer Minute noch einmal versuchen."
    ),
    "{} others are waiting already; please try again in a minute.": (
        "Es warten schon {} andere; bitte in einer Minute noch einmal versuchen."
    ),
    "This work was stopped or has been collected already; start it again.": (
        "Diese Arbeit wurde angehalten oder schon abgeholt; bitte neu starten."
    ),
    "This took longer than {} seconds and was stopped; try a smaller picture.": (
        "Das dauerte länger als {} Sekunden und wurde angehalten; bitte ein kleineres Bild versuchen."
    ),
    "This result is no longer in memory; enlarge the picture again.": (
        "Dieses Ergebnis liegt nicht mehr im Speicher; bitte das Bild noch einmal vergrößern."
    ),
    "There is no such upload; choose the file again. {}": (
        "Diese Datei ist nicht angekommen; bitte noch einmal auswählen. {}"
    ),
    "Your network is no longer in memory; open its file again.": (
        "Das eigene Netz liegt nicht mehr im Speicher; bitte seine Datei noch einmal öffnen."
    ),
    # errors: networks
    "There is no network {}; choose one of {}, a folder with a config.json, or a Hub id such as user/repository.": (
        "Ein Netz {} gibt es nicht; möglich sind {}, ein Ordner mit einer config.json oder ein Name auf dem Hub wie "
        "user/repository."
    ),
    "There is no network {}; choose one of {} or a Hub id such as user/repository.": (
        "Ein Netz {} gibt es nicht; möglich sind {} oder ein Name auf dem Hub wie user/repository."
    ),
    "{} is not a name on the Hub; it has the form user/repository.": (
        "{} ist kein Name auf dem Hub; er hat die Form user/repository."
    ),
    "This page runs without a network, and {} is not on this machine; choose a built-in network.": (
        "Diese Seite läuft ohne Internet, und {} liegt nicht auf diesem Rechner; bitte ein eingebautes Netz wählen."
    ),
    "{} on the Hub has neither a config.json nor a file of a published network ({}), so it cannot be used here.": (
        "{} auf dem Hub hat weder eine config.json noch eine Datei eines veröffentlichten Netzes ({}) und ist hier "
        "nicht brauchbar."
    ),
    "{} is {} MB; networks of up to {} MB are loaded.": "{} ist {} MB groß; geladen werden Netze bis {} MB.",
    "The network {} has no {}. {}": "Dem Netz {} fehlt: {}. {}",
    "Make it with: {}": "Es entsteht mit: {}",
    "Train or download it again.": "Bitte neu trainieren oder herunterladen.",
    "The tensors in {} do not fit the {} that config.json describes; train or download it again.": (
        "Die Tensoren in {} passen nicht zu dem Netz ({}), das config.json beschreibt; bitte neu trainieren oder "
        "herunterladen."
    ),
    "The config.json of {} does not describe a network of ours ({}): {}": (
        "Die config.json von {} beschreibt kein bekanntes Netz ({}): {}"
    ),
    "The file {} of {} is broken; train or download it again.": (
        "Die Datei {} von {} ist beschädigt; bitte neu trainieren oder herunterladen."
    ),
    "{} on the Hub asks for permission first; choose an open one.": (
        "{} auf dem Hub verlangt erst eine Erlaubnis; bitte etwas frei Zugängliches wählen."
    ),
    "{} on the Hub has no revision {}; check its name.": (
        "{} auf dem Hub hat keine Revision {}; bitte den Namen prüfen."
    ),
    "There is no public {} {} on the Hugging Face Hub; {}.": (
        "Auf dem Hugging Face Hub gibt es öffentlich kein {} {}; {}."
    ),
    "network": "Netz",
    "data set": "Datensatz",
    "check the name": "bitte den Namen prüfen",
    "try again later": "bitte später noch einmal versuchen",
    "try again later or choose a built-in network": (
        "bitte später noch einmal versuchen oder ein eingebautes Netz wählen"
    ),
    "HF_HUB_OFFLINE is set, so the Hub is not asked for {}; unset it.": (
        "HF_HUB_OFFLINE ist gesetzt, darum wird der Hub nicht nach {} gefragt."
    ),
    "A file of {} on the Hub arrived cut off; {}.": "Eine Datei von {} auf dem Hub kam abgeschnitten an; {}.",
    "{} on the Hub arrives too slowly; {}.": "{} kommt vom Hub zu langsam an; {}.",
    "{} on the Hub broke off again and again; {}.": "Die Verbindung zum Hub brach bei {} immer wieder ab; {}.",
    "{} on the Hub is not a network of ours ({}); choose another.": (
        "{} auf dem Hub ist kein Netz, das es hier gibt ({}); bitte ein anderes wählen."
    ),
    "There is no room for {} on this machine; choose a built-in network.": (
        "Für {} ist auf diesem Rechner kein Platz; bitte ein eingebautes Netz wählen."
    ),
    "{} is being fetched from the Hub; try again in a minute.": (
        "{} wird gerade vom Hub geholt; bitte in einer Minute noch einmal versuchen."
    ),
    "The page is fetching others from the Hub right now; try again in a minute.": (
        "Die Seite holt gerade anderes vom Hub; bitte in einer Minute noch einmal versuchen."
    ),
    "{} cannot be fetched from the Hub; the reason is in the log.": (
        "{} lässt sich nicht vom Hub holen; der Grund steht im Protokoll."
    ),
    "{} is no Parquet file, or is cut off; fetch or save it again.": (
        "{} ist keine Parquet-Datei oder abgeschnitten; bitte noch einmal holen oder speichern."
    ),
    "The Hugging Face Hub {} ({}); {}.": "Der Hugging Face Hub {} ({}); {}.",
    "The Hugging Face Hub cannot be reached ({}); {}.": "Der Hugging Face Hub ist nicht erreichbar ({}); {}.",
    "did not answer in time": "hat nicht rechtzeitig geantwortet",
    "cannot be reached": "ist nicht erreichbar",
    "{} is larger than {} MB. {}": "{} ist größer als {} MB. {}",
    "{} holds more than tensors, perhaps code, so it was not opened; save its state_dict() alone.": (
        "{} enthält mehr als Tensoren, vielleicht Code, und wurde nicht geöffnet; bitte nur das state_dict() speichern."
    ),
    "{} is no file of tensors, or is cut off. {}": "{} ist keine Datei mit Tensoren oder abgeschnitten. {}",
    "{} holds no tensors by name. {}": "{} enthält keine benannten Tensoren. {}",
    "Its two generators differ.": "Seine beiden Generatoren unterscheiden sich.",
    "{} begins like a {} of ours, but {} is missing or differs. {}": (
        "{} beginnt wie ein bekanntes {}, aber {} fehlt oder weicht ab. {}"
    ),
    "{} begins like a network of the kind {}, but {} is missing or differs. {}": (
        "{} beginnt wie ein Netz der Art {}, aber {} fehlt oder weicht ab. {}"
    ),
    "it makes {} channels from {}, where 3 from 3 or 1 from 1 are needed": (
        "es macht {} Kanäle aus {}, nötig sind 3 aus 3 oder 1 aus 1"
    ),
    "Accepted are generators of pytorch-CycleGAN-and-pix2pix (ResNet with 6 or 9 blocks, U-Net 128 or 256), the "
    "pytorch_model.bin of UPIT, and upscalers of Real-ESRGAN and ESRGAN.": (
        "Möglich sind Generatoren von pytorch-CycleGAN-and-pix2pix (ResNet mit 6 oder 9 Blöcken, U-Net 128 oder 256), "
        "die pytorch_model.bin von UPIT und Netze von Real-ESRGAN und ESRGAN."
    ),
    "Accepted are RRDBNet (x2, x4, x8) and SRVGGNetCompact (x2, x3, x4) of Real-ESRGAN, and RRDBNet of ESRGAN (x4).": (
        "Möglich sind RRDBNet (x2, x4, x8) und SRVGGNetCompact (x2, x3, x4) von Real-ESRGAN sowie RRDBNet von ESRGAN "
        "(x4)."
    ),
    "{} is no translator; choose one of {}.": "{} übersetzt keine Bilder; möglich sind {}.",
    "{} is no upscaler; choose one of {}, or another file.": (
        "{} vergrößert keine Bilder; möglich sind {} oder eine andere Datei."
    ),
    "There are no sliders for {}; choose one of {}.": "Für {} gibt es keine Regler; möglich sind {}.",
    "{} cannot read a picture; {} can.": "{} kann kein Bild lesen; {} können es.",
    "{} has other sliders than {}.": "{} hat andere Regler als {}.",
    "The codes are not numbers; one number from -1 to 1 for each slider is accepted.": (
        "Die Codes sind keine Zahlen; nötig ist für jeden Regler eine Zahl von -1 bis 1."
    ),
    "There is no set of sliders {}; choose one of {}.": "Regler {} gibt es nicht; möglich sind {}.",
    "The latent of a face has to be {} numbers from -{} to {}, not all 0.": (
        "Der latente Vektor eines Gesichts muss aus {} Zahlen von -{} bis {} bestehen, nicht alle 0."
    ),
    "{} names do not fit a feature network of {} outputs.": (
        "{} Namen passen nicht zu einem Merkmalsnetz mit {} Ausgängen."
    ),
    "The reach of {} sliders is {}; each needs a number over 0, at most {}.": (
        "Die Reichweite von {} Reglern ist {}; jede muss eine Zahl über 0 und höchstens {} sein."
    ),
    "There are {} sliders; 1 to {} are accepted.": "Es sind {} Regler; möglich sind 1 bis {}.",
    "A latent of {} numbers and a width of {} are no latent transformer; at least 1, and 0 to {}, are accepted.": (
        "Ein latenter Vektor von {} Zahlen und eine Breite von {} ergeben keinen latenten Transformer; möglich sind "
        "mindestens 1 und 0 bis {}."
    ),
    "The codes have to be {} numbers from -1 to 1.": "Nötig sind {} Codes, Zahlen von -1 bis 1.",
    "The codes are not numbers; {} numbers are accepted.": "Die Codes sind keine Zahlen; nötig sind {} Zahlen.",
    "There are {} codes; this network has {}.": "Das sind {} Codes; dieses Netz hat {}.",
    "Code {} is {}; it has to be from {} to {}.": "Code {} ist {}; nötig ist ein Wert von {} bis {}.",
    "Code {} is not whole; it is a choice of 0 to {}.": "Code {} ist nicht ganz; möglich sind 0 bis {}.",
    "Rows and columns are two different ones of {}.": "Zeilen und Spalten sind zwei verschiedene von {}.",
    "The direction is {}; this network goes {}.": "Die Richtung {} kennt dieses Netz nicht; möglich sind {}.",
    "This network has no discriminator for {}.": "Dieses Netz hat keinen Diskriminator für {}.",
    "There is no example {}; this network has {}.": "Ein Beispiel {} gibt es nicht; dieses Netz hat {}.",
    "A frame is three numbers from 0 to 1: left, top and side.": (
        "Ein Rahmen besteht aus drei Zahlen von 0 bis 1: links, oben und Seite."
    ),
    "The frame {} does not lie inside the picture of {} x {}.": "Der Rahmen {} liegt nicht im Bild von {} x {}.",
    # errors: pictures and films
    "This is an animation; its first picture was taken.": "Dies ist eine Animation; verwendet wurde ihr erstes Bild.",
    "Its 16 bits a channel became 8.": "Aus 16 Bit je Kanal wurden 8.",
    "Its colours ({}) became sRGB.": "Seine Farben ({}) wurden in sRGB umgerechnet.",
    "with a profile": "mit Profil",
    "PNG, JPEG, WebP, GIF and BMP up to {} MB and {} million pixels are accepted.": (
        "Möglich sind PNG, JPEG, WebP, GIF und BMP bis {} MB und {} Millionen Pixel."
    ),
    "This is no file in the form of a data URI; {}": "Das ist keine Datei in Form eines Daten-URI. {}",
    "The file is larger than {} MB; {}": "Die Datei ist größer als {} MB. {}",
    "This file is no picture that can be read; {}": "Diese Datei ist kein lesbares Bild. {}",
    "The picture has more than {} million pixels; {}": "Das Bild hat mehr als {} Millionen Pixel. {}",
    "MP4, WebM, MOV and GIF up to 16 MB are accepted.": "Möglich sind MP4, WebM, MOV und GIF bis 16 MB.",
    "MP4, WebM, MOV and GIF up to {} MB, {} frames and 1920 x 1080 px are accepted.": (
        "Möglich sind MP4, WebM, MOV und GIF bis {} MB, {} Einzelbilder und 1920 x 1080 px."
    ),
    "This file is no film that can be read; {}": "Diese Datei ist kein lesbarer Film. {}",
    "This file has no pictures in it; {}": "Diese Datei enthält keine Bilder. {}",
    "The film has {} frames; cut it to {} or fewer. {}": (
        "Der Film hat {} Einzelbilder; bitte auf höchstens {} kürzen. {}"
    ),
    "The film is {} x {} px; {}": "Der Film hat {} x {} px. {}",
    "The picture is {} x {} px; from {} px a side to {} million pixels are accepted.": (
        "Das Bild hat {} x {} px; möglich sind {} px je Seite bis {} Millionen Pixel."
    ),
    "The picture is {} x {} px; a test at scale {} needs {} px a side or more.": (
        "Das Bild hat {} x {} px; ein Test mit Faktor {} braucht mindestens {} px je Seite."
    ),
    "From 1 to {} different networks are compared; got {}.": (
        "Verglichen werden 1 bis {} verschiedene Netze; hier sind es {}."
    ),
    "The scale is {}; {} are offered here.": "Den Faktor {} gibt es hier nicht; möglich sind {}.",
    "The scale is {}; a number from 1 to {} is accepted.": (
        "Den Faktor {} gibt es nicht; möglich ist eine Zahl von 1 bis {}."
    ),
    "{} x {} px times {} would be {} million pixels; results of up to {} million are made, so choose a smaller "
    "scale or picture.": (
        "{} x {} px mal {} wären {} Millionen Pixel; möglich sind Ergebnisse bis {} Millionen, also bitte einen "
        "kleineren Faktor oder ein kleineres Bild wählen."
    ),
    "{} Its middle, {} x {} px, is tested.": "{} Getestet wird die Mitte, {} x {} px.",
    "Its middle, {} x {} px, is tested.": "Getestet wird die Mitte, {} x {} px.",
    "From 1 to {} pictures at a time are enlarged; choose fewer.": (
        "Vergrößert werden 1 bis {} Bilder auf einmal; bitte weniger auswählen."
    ),
    "All results together are larger than {} MB.": "Alle Ergebnisse zusammen sind größer als {} MB.",
    "The result is {} px long and {} holds {}; choose PNG.": (
        "Das Ergebnis ist {} px lang, {} fasst {}; bitte PNG wählen."
    ),
    # errors: playground
    "There is no lesson {}; choose one of {}.": "Eine Lektion {} gibt es nicht; möglich sind {}.",
    "This request names no game; open the page again.": "Diese Anfrage nennt kein Spiel; bitte die Seite neu öffnen.",
    "The file has {} bytes; up to {} are accepted, two columns.": (
        "Die Datei hat {} Bytes; möglich sind bis zu {}, in zwei Spalten."
    ),
    "Nothing is drawn yet; draw some points with the pointer, or open a CSV file.": (
        "Noch ist nichts gezeichnet; bitte mit dem Zeiger Punkte zeichnen oder eine CSV-Datei öffnen."
    ),
    "The moves are {}; up to {} letters f and s are accepted.": (
        "Die Züge {} gibt es nicht; möglich sind bis zu {} Buchstaben f und s."
    ),
    "No network here has a recorded training; train one with python -m trainer.": (
        "Von keinem Netz hier ist ein Training aufgezeichnet; es entsteht mit python -m trainer."
    ),
    "There is no recorded training of {}; choose one of {}.": (
        "Von {} ist kein Training aufgezeichnet; möglich sind {}."
    ),
    "The number of rounds is {}; it has to be from 1 to {}.": (
        "Anzahl der Runden: {} ist nicht möglich; nötig ist ein Wert von 1 bis {}."
    ),
    "This game is no longer kept; restart it.": "Dieses Spiel ist nicht mehr im Speicher; bitte neu starten.",
    "Neither player has a step in a round; give one of them at least one.": (
        "Kein Spieler hat einen Schritt je Runde; bitte mindestens einem einen geben."
    ),
    "The player is {}; both, discriminator and generator are accepted.": (
        "Den Spieler {} gibt es nicht; möglich sind both, discriminator und generator."
    ),
    "There is no {} or {}; choose {}.": "{} oder {} gibt es nicht; möglich sind {}.",
    "The start is ({}, {}), the rate {}, the number of steps {}; from -10 to 10, over 0 to 1 and 1 to {} are "
    "accepted.": ("Anfang ({}, {}), Rate {}, Schritte {}: möglich sind -10 bis 10, über 0 bis 1 und 1 bis {}."),
    "There are {} components; 1 to {} are accepted.": "{} Gauß-Verteilungen sind nicht möglich; nötig sind 1 bis {}.",
    "{} components are too many for {} points.": "{} Gauß-Verteilungen sind zu viele für {} Punkte.",
    "These points of a visitor are no longer in memory; bring them again.": (
        "Diese eigenen Punkte sind nicht mehr im Speicher; bitte noch einmal mitbringen."
    ),
    "There are no points {}; {} are there.": "Punkte {} gibt es nicht; vorhanden sind {}.",
    "The file has {} characters; up to {} are accepted, two columns.": (
        "Die Datei hat {} Zeichen; möglich sind bis zu {}, in zwei Spalten."
    ),
    "The file is empty; it has to have two columns of numbers, one point a line.": (
        "Die Datei ist leer; nötig sind zwei Spalten Zahlen, ein Punkt je Zeile."
    ),
    "The file has {} points; up to {} are accepted: send a part of them.": (
        "Die Datei hat {} Punkte; möglich sind bis zu {}: bitte einen Teil davon senden."
    ),
    "The file has no line of numbers; one point a line is needed, x and y.": (
        "Die Datei hat keine Zeile mit Zahlen; nötig ist ein Punkt je Zeile, x und y."
    ),
    "The file's first line of data has fewer than two numbers; two columns are needed, x and y.": (
        "Die erste Zeile mit Daten hat weniger als zwei Zahlen; nötig sind zwei Spalten, x und y."
    ),
    "Point {} of the file is {}; two numbers are needed in every line.": (
        "Punkt {} der Datei ist {}; nötig sind zwei Zahlen in jeder Zeile."
    ),
    "Point {} is not finite (nan or infinity); take it out.": (
        "Punkt {} ist nicht endlich (nan oder unendlich); bitte weglassen."
    ),
    "The numbers are larger than 1e100; use a smaller unit.": (
        "Die Zahlen sind größer als 1e100; bitte eine kleinere Einheit verwenden."
    ),
    "All points lie at one place; points that differ are needed.": (
        "Alle Punkte liegen an einer Stelle; nötig sind verschiedene."
    ),
    "There is nothing to film yet; play a little first.": (
        "Noch gibt es nichts zu filmen; bitte zuerst ein wenig spielen."
    ),
    # errors: quiz
    "There is no deck {}; choose one of {}.": "Einen Bildersatz {} gibt es nicht; möglich sind {}.",
    "The level is {}; it has to be a whole number from 1 to {}.": (
        "Stufe: {} ist nicht möglich; nötig ist eine ganze Zahl von 1 bis {}."
    ),
    "No pictures are set for this deck; set LATENT_LAB_DECK_FOLDER to a folder or zip archive of photographs, or "
    "LATENT_LAB_DECK_DATASET to a data set on the Hugging Face Hub, and LATENT_LAB_DECK_NETWORK to one of {}.": (
        "Für diesen Bildersatz hat der Betreiber keine Bilder eingestellt. Nötig sind LATENT_LAB_DECK_FOLDER mit einem "
        "Ordner oder Zip-Archiv von Fotos oder LATENT_LAB_DECK_DATASET mit einem Datensatz auf dem Hugging Face Hub, "
        "dazu LATENT_LAB_DECK_NETWORK mit einem von {}."
    ),
    "Both LATENT_LAB_DECK_FOLDER and LATENT_LAB_DECK_DATASET are set; unset one of them.": (
        "LATENT_LAB_DECK_FOLDER und LATENT_LAB_DECK_DATASET sind beide gesetzt; nur eines davon darf es sein."
    ),
    "The network {} draws {} px pictures with {} channels, which does not fit the photographs of the deck {}; train "
    "it on pictures like these, or choose another.": (
        "Das Netz {} zeichnet Bilder von {} px mit {} Kanälen; das passt nicht zu den Fotos des Bildersatzes {}. Nötig "
        "ist ein Netz, das auf solchen Bildern trainiert wurde."
    ),
    "The network {} draws larger pictures than this game shows; choose another.": (
        "Das Netz {} zeichnet größere Bilder, als dieses Spiel zeigt; bitte ein anderes wählen."
    ),
    "The photographs of the deck {} are missing or broken; fetch quiz/photographs/{} of the repository again.": (
        "Die Fotos des Bildersatzes {} fehlen oder sind beschädigt; bitte quiz/photographs/{} neu aus dem Repository "
        "holen."
    ),
    "The file {} of quiz/known is broken; fetch it from the repository again.": (
        "Die Datei {} in quiz/known ist beschädigt; bitte neu aus dem Repository holen."
    ),
    "{} holds {} photographs twice, such as {} and {}; take one of each out, or let python -m data.align leave them "
    "out.": (
        "{} enthält {} Fotos doppelt, etwa {} und {}; bitte je eines entfernen oder python -m data.align verwenden."
    ),
    "{} was trained on {} of the {} photographs in {}, such as {}; choose photographs that it has not seen, or "
    "another network.": (
        "{} wurde mit {} der {} Fotos in {} trainiert, etwa {}; nötig sind Fotos, die es nicht kennt, oder ein anderes "
        "Netz."
    ),
    "{} is {} x {} px, and the portraits of this deck have to be {} x {} px with all eyes in one place; bring them "
    "there with: python -m data.align {} --to FOLDER": (
        "{} hat {} x {} px; die Porträts dieses Bildersatzes brauchen {} x {} px mit allen Augen an einer Stelle. "
        "Dahin bringt sie: python -m data.align {} --to FOLDER"
    ),
    "The deck of press photographs is no longer here; portraits in colour took its place.": (
        "Den Bildersatz mit Pressefotos gibt es nicht mehr; an seiner Stelle stehen Porträts in Farbe."
    ),
    "The photographs are being fetched from {} on the Hub; try again in a minute.": (
        "Die Fotos werden gerade von {} auf dem Hub geholt; bitte in einer Minute noch einmal versuchen."
    ),
    "This page runs without a network, and the data set {} is not on this machine.": (
        "Diese Seite läuft ohne Internet, und der Datensatz {} liegt nicht auf diesem Rechner."
    ),
    "The data set {} has {} pictures of {} MB; up to {} of {} MB are fetched, so make one of a part of it.": (
        "Der Datensatz {} hat {} Bilder mit {} MB; geholt werden bis zu {} mit {} MB, also bitte nur einen Teil davon."
    ),
    "The nickname is not a text; give 2 to 20 letters or digits.": (
        "Der Spitzname ist kein Text; nötig sind 2 bis 20 Buchstaben oder Ziffern."
    ),
    "The nickname holds invisible characters; use letters, digits, spaces and . _ - only.": (
        "Der Spitzname enthält unsichtbare Zeichen; möglich sind nur Buchstaben, Ziffern, Leerzeichen und . _ -"
    ),
    "The nickname has {} characters; use {} to {}.": "Der Spitzname hat {} Zeichen; möglich sind {} bis {}.",
    "The nickname looks like an address; choose one that says nothing about how to reach you.": (
        "Der Spitzname sieht wie eine Adresse aus; bitte einen wählen, der keinen Weg zur Person verrät."
    ),
    "The nickname holds {}; use letters, digits, spaces and . _ - only.": (
        "Der Spitzname enthält {}; möglich sind nur Buchstaben, Ziffern, Leerzeichen und . _ -"
    ),
    "The nickname begins with a sign; begin with a letter or a digit.": (
        "Der Spitzname beginnt mit einem Zeichen; bitte mit einem Buchstaben oder einer Ziffer beginnen."
    ),
    "The nickname has more than {} digits, as telephone numbers have; use fewer.": (
        "Der Spitzname hat mehr als {} Ziffern, wie eine Telefonnummer; bitte weniger verwenden."
    ),
    "This nickname may hurt others; choose another.": (
        "Dieser Spitzname könnte andere verletzen; bitte einen anderen wählen."
    ),
    "Somebody else plays as {}; choose another nickname.": (
        "Als {} spielt schon jemand anderes; bitte einen anderen Spitznamen wählen."
    ),
    "The choice is {}; it has to be left or right.": "Die Wahl {} gibt es nicht; möglich sind left und right.",
    "The pictures of this round were replaced since; ask for a new round.": (
        "Die Bilder dieser Runde wurden inzwischen ersetzt; bitte eine neue Runde beginnen."
    ),
    "Without a player there is no staircase; choose a level from 1 to {}.": (
        "Ohne Spielstand wandert die Stufe nicht mit; bitte eine Stufe von 1 bis {} wählen."
    ),
    "There is no open round with this id, or it is older than an hour; ask for a new round.": (
        "Diese Runde gibt es nicht, oder sie ist älter als eine Stunde; bitte eine neue beginnen."
    ),
    "This round was answered before, and the first answer counts; ask for a new round.": (
        "Diese Runde wurde schon beantwortet, und die erste Antwort zählt; bitte eine neue beginnen."
    ),
    "This round is older than an hour and can no longer be answered; ask for a new round.": (
        "Diese Runde ist älter als eine Stunde und zählt nicht mehr; bitte eine neue beginnen."
    ),
    "This is not a player's token; ask for a new one, or play without.": (
        "Dieser Spielstand ist unbekannt; bitte die Seite neu öffnen."
    ),
    "The scores cannot be written now, and nothing was counted; try again.": (
        "Die Antworten lassen sich gerade nicht speichern, und nichts wurde gezählt; bitte noch einmal versuchen."
    ),
    "The scores cannot be read now; try again.": (
        "Die Antworten lassen sich gerade nicht lesen; bitte noch einmal versuchen."
    ),
    "Astronaut": "Astronautin",
    "Cat": "Katze",
    "Rocket": "Rakete",
    # errors: networks of strangers, whose config.json says what cannot be
    "The {} is {}; it has to be from 0 to {}.": "{0}: {1} ist nicht möglich; nötig ist ein Wert von 0 bis {2}.",
    "The {} is {}; {} are accepted.": "{0}: {1} ist nicht möglich; möglich sind {2}.",
    "A code is {}; uniform, circular and categorical-N (N at least 2) are accepted.": (
        "Ein Code ist {}; möglich sind uniform, circular und categorical-N (N mindestens 2)."
    ),
    "The labels {} need as many sizes from 2 to 1,000, got {}.": (
        "Die Angaben {} brauchen ebenso viele Größen von 2 bis 1.000, hier sind es {}."
    ),
    "{} whole numbers are accepted as labels: {}.": "Als Angaben sind {} ganze Zahlen möglich: {}.",
    "The pictures have {} channels; 1 (grey) and 3 (colour) are accepted.": (
        "Die Bilder haben {} Kanäle; möglich sind 1 (grau) und 3 (Farbe)."
    ),
    "The width is {} feature maps; it has to be from 1 to 1,024.": (
        "Breite: {} Merkmalskarten sind nicht möglich; nötig sind 1 bis 1.024."
    ),
    "The width is {} feature maps; it has to be at least 1.": (
        "Breite: {} Merkmalskarten sind nicht möglich; nötig ist mindestens 1."
    ),
    "The factors {} need as many sizes from 2 to 1,000, got {}.": (
        "Die Faktoren {} brauchen ebenso viele Größen von 2 bis 1.000, hier sind es {}."
    ),
    "The {} of a feature network is {}; it has to be at least 1.": (
        "{0} eines Merkmalsnetzes: {1} ist nicht möglich; nötig ist mindestens 1."
    ),
    "The resolution is {} px; 16, 32, 64, 128 and 256 are accepted.": (
        "Auflösung: {} px sind nicht möglich; möglich sind 16, 32, 64, 128 und 256."
    ),
    "The resolution is {} px; even numbers are accepted.": (
        "Auflösung: {} px sind nicht möglich; möglich sind gerade Zahlen."
    ),
    "The latent has {} numbers; it needs at least 1.": "Der latente Vektor hat {} Zahlen; nötig ist mindestens 1.",
    "An InfoGAN has 1 to 64 codes and 0 to 1,024 numbers of noise.": (
        "Ein InfoGAN hat 1 bis 64 Codes und 0 bis 1.024 Rauschzahlen."
    ),
    "With paints, at least one code is circular, a colour, and one code or noise is not.": (
        "Mit Farben ist mindestens ein Code kreisförmig, eine Farbe, und ein Code oder Rauschen nicht."
    ),
    "With moves, three codes are uniform (shift across, shift down, size), one is circular (turn), another code or "
    "noise says what is moved, and there are no paints.": (
        "Mit Bewegungen sind drei Codes gleichverteilt (quer, senkrecht, Größe), einer kreisförmig (Drehung), ein "
        "weiterer Code oder Rauschen sagt, was bewegt wird, und es gibt keine Farben."
    ),
    "This network reads pictures of {}, got {}.": "Dieses Netz liest Bilder der Form {}, hier ist sie {}.",
    "There are {} principal components of {} numbers in a picture; at least 1 and fewer than those are accepted.": (
        "Das sind {} Hauptkomponenten bei {} Zahlen je Bild; möglich sind mindestens 1 und weniger als diese."
    ),
    "The mixture has {} Gaussians; it needs at least 1.": (
        "Die Mischung hat {} Gauß-Verteilungen; nötig ist mindestens 1."
    ),
    "The architecture is {}; {} are accepted.": "Die Architektur {} gibt es nicht; möglich sind {}.",
    "The scale is {}; {} are accepted for {}.": "Den Faktor {} gibt es nicht; möglich sind {} für {}.",
    "The domains are {}; two names of letters and digits are needed.": (
        "Die Bereiche sind {}; nötig sind zwei Namen aus Buchstaben und Ziffern."
    ),
    "Maps of labels are learned in pairs; set paired to true.": (
        "Karten von Klassen werden aus Paaren gelernt; paired muss true sein."
    ),
    "A picture of labels has nothing that a photograph could keep; set keeps to false.": (
        "Ein Bild von Klassen hat nichts, was ein Foto behalten könnte; keeps muss false sein."
    ),
    "{} is no class and its colour, such as 'road #804080'.": "{} ist keine Klasse mit Farbe wie 'road #804080'.",
    "{} holds another architecture{}. {}": "{} enthält eine andere Architektur{}. {}",
    # errors: photographs of the host
    "{} holds more than {} GB of pictures; use a part of it.": (
        "{} enthält mehr als {} GB an Bildern; bitte nur einen Teil davon verwenden."
    ),
    "{} holds {} pictures and {} are needed; add pictures or hold out fewer.": (
        "{} enthält {} Bilder, nötig sind {}; bitte Bilder ergänzen."
    ),
    "{} holds no pictures; {} are read.": "{} enthält keine Bilder; gelesen werden {}.",
    "{} is larger than {} MB; take it out or reduce it.": "{} ist größer als {} MB; bitte entfernen oder verkleinern.",
    "{} in {} unpacks to more than {} MB; take it out or reduce it.": (
        "{} in {} ist ausgepackt größer als {} MB; bitte entfernen oder verkleinern."
    ),
    "{} in {} cannot be unpacked ({}).": "{} in {} lässt sich nicht auspacken ({}).",
    "{} is neither a folder nor a zip archive; give one of these with pictures in it.": (
        "{} ist weder ein Ordner noch ein Zip-Archiv; nötig ist eines davon mit Bildern darin."
    ),
    "{} does not exist; give a folder or a zip archive with pictures in it.": (
        "{} gibt es nicht; nötig ist ein Ordner oder Zip-Archiv mit Bildern darin."
    ),
    "{} is {} x {} px, smaller than the {} asked for; choose a lower resolution or take it out.": (
        "{} hat {} x {} px, weniger als die verlangten {}; bitte entfernen oder eine kleinere Auflösung wählen."
    ),
    "{} has {} x {} pixels; reduce it or take it out.": "{} hat {} x {} Pixel; bitte verkleinern oder entfernen.",
    "{} cannot be read as a picture; repair it or take it out.": (
        "{} ist nicht als Bild lesbar; bitte reparieren oder entfernen."
    ),
    "{}, row {} has no picture in it, or only the name of one; save the data set with the pictures inside.": (
        "{}, Zeile {} enthält kein Bild oder nur dessen Namen; bitte den Datensatz mit den Bildern darin speichern."
    ),
    "{}, row {} has {} MB; a picture may have {} MB.": "{}, Zeile {} hat {} MB; ein Bild darf {} MB haben.",
    "{} is a Parquet file; to read it, run: pip install pyarrow": (
        "{} ist eine Parquet-Datei; lesbar wird sie mit: pip install pyarrow"
    ),
    "{} has no column {} of pictures; its columns are {}.": "{} hat keine Spalte {} mit Bildern; vorhanden sind {}.",
    "{} keeps {} MB of pictures in one row group; up to {} MB are read, so save it again with smaller ones.": (
        "{} hält {} MB an Bildern in einer Zeilengruppe; gelesen werden bis zu {} MB, also bitte mit kleineren neu "
        "speichern."
    ),
    "The page has no such function; open it again.": "Diese Funktion hat die Seite nicht; bitte die Seite neu öffnen.",
    "The network {} cannot play: the game needs a generator with a discriminator. Set LATENT_LAB_DECK_NETWORK to one "
    "of {}, or make one with: python -m trainer gan": (
        "Das Netz {} kann nicht spielen: Das Spiel braucht einen Generator mit einem Diskriminator. "
        "LATENT_LAB_DECK_NETWORK muss eines von {} sein oder eines aus: python -m trainer gan"
    ),
    "The data set {} has no pictures as files; {} are read, and {}.": (
        "Der Datensatz {} enthält keine Bilder als Dateien; gelesen werden {} und {}."
    ),
    "The points are not pairs of numbers.": "Die Punkte sind keine Zahlenpaare.",
    "The points have the shape {}; pairs of numbers are needed.": (
        "Die Punkte haben die Form {}; nötig sind Zahlenpaare."
    ),
    "There {} {} {}; {} to {} are accepted.": "Das sind {1} {2}; möglich sind {3} bis {4}.",
    "point": "Punkt",
    "points": "Punkte",
    "({})": "({})",
    "{} colour": "Farbe: {}",
    "The nickname mixes letters of several alphabets, which look alike; use one.": (
        "Der Spitzname mischt Buchstaben mehrerer Alphabete, die gleich aussehen; bitte eines verwenden."
    ),
    "A nickname is for those who have played; answer a pair first.": (
        "Einen Spitznamen gibt es erst nach dem Spielen; bitte zuerst ein Paar beantworten."
    ),
    "There is no room for uploads just now; please try again in some minutes.": (
        "Gerade ist kein Platz für Dateien; bitte in ein paar Minuten noch einmal versuchen."
    ),
    "This work is done.": "Diese Arbeit ist fertig.",
    "{} pictures from your address wait already; wait until one is done.": (
        "Von dieser Adresse warten schon {} Bilder; bitte warten, bis eines fertig ist."
    ),
    "The points of several others are being fitted just now; please try again in a minute.": (
        "Gerade werden die Punkte mehrerer anderer angepasst; bitte in einer Minute noch einmal versuchen."
    ),
    "Many large pictures are waiting just now; please try again in a minute.": (
        "Gerade warten viele große Bilder; bitte in einer Minute noch einmal versuchen."
    ),
    "Too many windows of this page are open at your address; please close some.": (
        "Von dieser Adresse sind zu viele Fenster dieser Seite offen; bitte einige schließen."
    ),
}
