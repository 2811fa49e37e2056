// The descriptions of the schema of the centre in Spanish; a test sees that none is missing.

export const HELP_ES: Readonly<Record<string, string>> = {
  'Of the language: 1.': 'Del lenguaje: 1.',
  'Of the centre, for people.': 'Del centro, para las personas.',
  'In which its hours and times are meant.': 'En la que se entienden sus horarios y horas.',
  'Two letters: how numbers without country code are read.':
    'Dos letras: cómo se leen los números sin prefijo de país.',
  'What is spoken here; the first one when nothing is known of the caller.':
    'Los que se hablan aquí; el primero cuando no se sabe nada de quien llama.',
  'What answers each number: digits, or the user part of a SIP address.':
    'Quién contesta cada número: cifras, o la parte de usuario de una dirección SIP.',
  'The chat that web pages may show; left out: there is none.':
    'El chat que pueden mostrar las páginas web; si falta, no hay ninguno.',
  'What a visitor reads first, per language.': 'Lo primero que lee un visitante, por idioma.',
  'Sites whose pages may show the chat; besides those of Hilo itself.':
    'Sitios cuyas páginas pueden mostrar el chat, además de las de Hilo.',
  'Opening hours that the visitor is told; what is written outside of them waits. Left out: always open.':
    'Horario que se le dice al visitante; lo que se escribe fuera de él espera. Si falta: siempre abierto.',
  'What the visitor may say of themselves with the first message; nobody has to.':
    'Lo que el visitante puede decir de sí con el primer mensaje; nadie está obligado.',
  'The visitor may ask to be called.': 'El visitante puede pedir que le llamen.',
  'What answers the number.': 'Quién contesta el número.',
  'A flow, by name.': 'Un flujo, por su nombre.',
  'A queue, by name.': 'Una cola, por su nombre.',
  'An agent, by name.': 'Un agente, por su nombre.',
  'An outside number that may be dialled.': 'Un número de fuera que se pueda marcar.',
  'Where its calls go instead, and when; the first that applies.':
    'Adónde van sus llamadas en lugar de ahí, y cuándo; vale el primero que se cumple.',
  'When it applies. `unregistered`: no device is there.':
    'Cuándo vale. «Si no hay dispositivo»: ninguno está conectado.',
  'Where the call goes instead.': 'Adónde va la llamada en lugar de ahí.',
  'For whoever reads the file.': 'Para quien lea el fichero.',
  'How much an agent does at a time, and what may interrupt what.':
    'Cuánto hace un agente a la vez, y qué puede interrumpir a qué.',
  'One at a time.': 'Una a la vez.',
  'What an agent may have in hand and be called all the same.':
    'Lo que un agente puede tener entre manos y aun así recibir una llamada.',
  'Conversations in writing.': 'Conversaciones por escrito.',
  'At a time.': 'A la vez.',
  'What an agent may have in hand and be offered one all the same.':
    'Lo que un agente puede tener entre manos y aun así recibir una.',
  'Work without a customer waiting.': 'Trabajo sin un cliente que espere.',
  'Where people wait, by name.': 'Dónde se espera, por nombre.',
  'What it is called, per language; texts may say it.': 'Cómo se llama, por idioma; los textos pueden decirlo.',
  'Who has it may serve the queue; in its place `skills`.':
    'Quien la tiene puede atender la cola; en su lugar puede haber pasos.',
  'Steps that expire: each lets in those who are good enough for it, and all of the steps before.':
    'Pasos que caducan: cada uno deja entrar a quienes llegan a su nivel, y a los de los pasos anteriores.',
  'Who has it may serve from now on.': 'Quien la tiene puede atender desde ese momento.',
  '1 (knows) to 5 (best): at least so good.': 'De 1 (sabe) a 5 (el mejor): por lo menos ese.',
  'Several at once, each with its level.': 'Varias a la vez, cada una con su nivel.',
  'How long it stays so narrow; left out of the last step.': 'Cuánto dura el paso; en el último no se pone.',
  'Who of those who are free gets the next one.': 'Quién, de los que están libres, recibe la siguiente.',
  'Of top-down: who goes first.': 'Para «siempre por el mismo orden»: quién va primero.',
  'Of ring-all: so many agents at a time.': 'Para «a todos a la vez»: cuántos agentes como mucho.',
  'Team: its agents are only asked after so long.': 'A los agentes del equipo solo se les ofrece pasado ese tiempo.',
  'So long who calls again is kept for the agent of the last time.':
    'Durante ese tiempo, quien vuelve a llamar se guarda para el agente de la última vez.',
  'So much waiting improves the priority by one.': 'Esperar ese tiempo mejora la prioridad en uno.',
  '0 is the most urgent.': '0 es la más urgente.',
  'What those who wait hear: a folder or file of the prompts.':
    'Lo que oye quien espera: una carpeta o un fichero de las locuciones.',
  'How long an agent is rung.': 'Cuánto suena al agente.',
  'Who waits longer overflows.': 'Quien espera más pasa a otro sitio.',
  'So many may wait; the next one overflows.': 'Cuántos pueden esperar; el siguiente pasa a otro sitio.',
  'How often the position is said, or `never`.': 'Cada cuánto se dice el puesto, o nunca.',
  '`none`, `until-done`, a time, or `{ for: 15s, prolong: 30s, at-most: 5m }`.':
    'Ninguna, hasta que acabe el agente, un tiempo fijo, o uno que se puede prorrogar.',
  'So long at first.': 'Lo que dura al principio.',
  'So much more each time the agent asks.': 'Lo que se añade cada vez que el agente lo pide.',
  'Together no longer than this.': 'En total, no más que esto.',
  'What a conversation was about, for the agent to choose from.':
    'De qué trató la conversación, para que el agente elija.',
  'Code, and what it is called per language.': 'El código, y cómo se llama en cada idioma.',
  'Without one the agent cannot end the wrap-up.': 'Sin uno el agente no puede acabar las tareas posteriores.',
  'Names that it had before: promises, figures and the record of then lead to it.':
    'Los nombres que tuvo: las promesas, las cifras y el historial de entonces llevan a ella.',
  'Names that the agent had before: account, promises and the record of then lead to it.':
    'Los nombres que tuvo: la cuenta, las promesas y el historial de entonces llevan a esta persona.',
  'Where those go who are not served.': 'Adónde van quienes no son atendidos.',
  'Nobody with the skill is there: wait all the same, or overflow at once.':
    'No hay nadie con la habilidad: se espera igualmente, o se pasa a otro sitio enseguida.',
  'The key with which a caller leaves for the overflow.': 'La tecla con la que se deja de esperar.',
  'Keys of the telephone that leave the queue, each for its own destination.':
    'Teclas del teléfono con las que se sale de la cola, cada una hacia su destino.',
  'What is said to those who wait.': 'Lo que se dice a quien espera.',
  'Key under `texts`; it may use position, wait, queue and reference.':
    'Uno de los textos; puede usar position, wait, queue y reference.',
  'When it is said first.': 'Cuándo se dice por primera vez.',
  'And how often then; without it once.': 'Y cada cuánto después; sin ello, una vez.',
  'With the position, the estimated wait is said.': 'Con el puesto se dice la espera estimada.',
  'Before joining: elsewhere at once when the wait would be long.':
    'Antes de entrar: a otro sitio enseguida, si la espera va a ser larga.',
  'The estimated wait is longer.': 'La espera estimada es mayor.',
  'More callers wait for each agent at work.': 'Esperan más por cada agente que trabaja.',
  'Where they go.': 'Adónde van.',
  'The last agent leaves while callers wait: they wait on, or overflow.':
    'El último agente se va y hay quien espera: siguen esperando, o pasan a otro sitio.',
  'When a queue is empty of agents.': 'Cuándo se dice que en la cola no hay agentes.',
  'How its call-backs are made.': 'Cómo se hacen sus devoluciones de llamada.',
  'Who is rung first.': 'A quién se llama primero.',
  'Agent first: a talk that the agent ends sooner was with a machine; `0s`: every answer counts.':
    'Con el agente primero: si el agente cuelga antes, era un contestador; 0s: vale cualquier respuesta.',
  'So long a call-back that belongs to an agent is kept for that agent.':
    'Cuánto se guarda para su agente una devolución que le pertenece.',
  'When supervisors are alarmed.': 'Cuándo se avisa a los supervisores.',
  'More than so many wait.': 'Esperan más que esos.',
  'Somebody waits for longer; three times the service level when left out.':
    'Alguien espera más; si no se pone, tres veces el nivel de servicio.',
  'Percent of today’s calls answered in time: below that.':
    'Tanto por ciento de las llamadas de hoy atendidas a tiempo: por debajo de eso.',
  'Answered within this counts as served in time.': 'Atender antes de esto cuenta como a tiempo.',
  'Conversations are recorded.': 'Las conversaciones se graban.',
  'Percent of the agents at work who may be on call-backs of the queue at a time; at least one.':
    'Tanto por ciento de los agentes que trabajan que pueden estar en devoluciones a la vez; al menos uno.',
  'Who serves them, by name.': 'Quién atiende, por nombre.',
  'The name as people read it.': 'El nombre como lo leen las personas.',
  'Skill and level: 1 (knows) to 5 (best).': 'Habilidad y nivel: de 1 (sabe) a 5 (el mejor).',
  'Where the agent answers, best first.': 'Dónde contesta el agente, el mejor sitio primero.',
  'Registers with Hilo under this name.': 'Se registra en Hilo con este nombre.',
  'The telephone in the agent’s browser, under this name; who is signed in needs no password for it.':
    'El teléfono en el navegador del agente, con este nombre; quien ha entrado no necesita otra contraseña.',
  'Is called over the trunk; who answers accepts with key 1.':
    'Se llama por el enlace; quien contesta acepta con el 1.',
  'It is called with keys for SRTP (RFC 4568).': 'Se le llama con claves para SRTP (RFC 4568).',
  'How long it rings; else as long as the queue says.': 'Cuánto suena; si no, lo que diga la cola.',
  'Its devices ring all at once or one after the other.': 'Sus dispositivos suenan todos a la vez o uno tras otro.',
  'A device that registers makes the agent available.': 'Al conectarse un dispositivo el agente queda disponible.',
  'Where calls for the agent go instead, and when.':
    'Adónde van las llamadas para el agente en lugar de a él, y cuándo.',
  'What the agent may do in the API.': 'Lo que el agente puede hacer.',
  'The team of the agent.': 'El equipo del agente.',
  'Of weighted: how many offers to this agent for each one of somebody with weight 1.':
    'Para «según el peso»: cuántas ofertas por cada una de quien tiene peso 1.',
  'At a time, where it is not what `channels` says.': 'A la vez, si no es lo que dicen los canales.',
  'Messages at a time.': 'Mensajes a la vez.',
  'Tasks at a time.': 'Tareas a la vez.',
  'Where calls come in and go out, by name.': 'Por dónde entran y salen las llamadas, por nombre.',
  'Addresses and ranges from which calls are taken; everything else gets 403.':
    'Direcciones y rangos de los que se aceptan llamadas; lo demás recibe 403.',
  'Where our calls go out.': 'Por dónde salen nuestras llamadas.',
  'Name or address.': 'Nombre o dirección.',
  'Of SIP there.': 'El de SIP allí.',
  'As the provider wants it.': 'Como lo quiera el proveedor.',
  'The number that people see whom we call.': 'El número que ven las personas a las que llamamos.',
  'Opening hours, by name.': 'Horarios de apertura, por nombre.',
  "Else the centre's.": 'Si no, la del centro.',
  'Spans of the week. One that ends before it begins goes over midnight.':
    'Tramos de la semana. El que acaba antes de empezar pasa de la medianoche.',
  'On these.': 'En estos: mon-fri, sat o mon, wed.',
  '`09:00`, on the clock of the time zone.': '09:00, en el reloj de la zona horaria.',
  'Up to `24:00`.': 'Hasta 24:00.',
  'Days on which it is closed, `2026-12-25`.': 'Días en que está cerrado, 2026-12-25.',
  'Closed on public holidays.': 'Cerrado en los festivos oficiales.',
  'Two letters.': 'Dos letras.',
  'Its region, where days differ.': 'Su región, donde los días cambian.',
  'Days with spans of their own, holiday or not; none: closed.':
    'Días con sus propios tramos, sean festivos o no; sin tramos: cerrado.',
  '`2026-12-24`.': '2026-12-24.',
  'Its spans.': 'Sus tramos.',
  'What Hilo may dial. Premium-rate numbers never, unless said.':
    'Lo que Hilo puede marcar. Los números de tarificación adicional nunca, si no se dice.',
  'Prefixes that may be dialled; the longest prefix decides.':
    'Prefijos que se pueden marcar; decide el prefijo más largo.',
  'Exceptions from them.': 'Excepciones.',
  'Numbers that cost extra may be dialled where a prefix allows them.':
    'Se pueden marcar los que cuestan más, donde un prefijo los permita.',
  'Calls of the whole centre.': 'Llamadas de todo el centro.',
  'Calls to one number.': 'Llamadas a un mismo número.',
  'Where a customer is found in another system: a link beside every conversation.':
    'Dónde está el cliente en otro sistema: un enlace junto a cada conversación.',
  'Opened beside a conversation; filled in: {{ contact.id }}, {{ contact.number }}, {{ contact.name }}, {{ contact.segment }}, {{ interaction.reference }}.':
    'Se abre junto a la conversación; se rellenan: {{ contact.id }}, {{ contact.number }}, {{ contact.name }}, {{ contact.segment }}, {{ interaction.reference }}.',
  'What the link is called, per language.': 'Cómo se llama el enlace, por idioma.',
  'What follows a call that nobody served.': 'Lo que sigue a una llamada que nadie atendió.',
  'Who hangs up sooner gets no message.': 'Quien cuelga antes no recibe mensaje.',
  'How the message goes.': 'Por dónde va el mensaje.',
  'No second message to the same customer within this time.':
    'No hay un segundo mensaje al mismo cliente en este tiempo.',
  '`implied`: a caller may be written to; `required`: only whose consent is recorded.':
    'Si basta con que haya llamado para escribirle, o tiene que constar su consentimiento.',
  'When a call-back is tried: after these times.': 'Cuándo se intenta la devolución: pasados estos tiempos.',
  'Own rules for how an attempt failed: time after the 1st, 2nd … attempt, as many more as there are times.':
    'Reglas propias según cómo falló: tiempo tras el 1.º, 2.º… intento; tantos más como tiempos haya.',
  'The line was busy.': 'La línea comunicaba.',
  'Nobody answered.': 'Nadie contestó.',
  'A machine answered.': 'Contestó una máquina.',
  'An offer that nobody answers within this time lapses.': 'La oferta que nadie contesta en este tiempo caduca.',
  'Opening hours outside of which nobody is called back.': 'Horario fuera del cual no se devuelven llamadas.',
  "On the customer's own clock, told by the country of the number; besides `callback-hours`.":
    'En el reloj del cliente, según el país de su número; además del horario de devoluciones.',
  'Not before.': 'No antes.',
  'Not after.': 'No después.',
  'Who was cut off or hung up, and rings in again within this time, has the old place.':
    'A quien se le cortó o colgó y vuelve a llamar en este tiempo se le guarda el puesto.',
  'Call-backs that may be asked for on the web; without it the form is closed.':
    'Devoluciones que se pueden pedir en la web; sin ello el formulario está cerrado.',
  'Queues that the form may name; the first one is taken when it names none.':
    'Colas que el formulario puede nombrar; si no nombra ninguna, la primera.',
  'Call-backs asked for in all.': 'Devoluciones pedidas en total.',
  'So many call-backs are promised to one number.': 'Cuántas devoluciones se prometen a un número.',
  'Key under `texts` of the message.': 'Cuál de los textos es el mensaje.',
  'Other systems that flows may ask.': 'Otros sistemas a los que los flujos pueden preguntar.',
  'The only hosts that requests may go to.': 'Los únicos servidores a los que pueden ir las peticiones.',
  'Name, with a port where it is not 443.': 'Nombre, con puerto si no es el 443.',
  'Without TLS: http or ws.': 'Sin TLS: http o ws.',
  'Addresses that are not public are allowed too.': 'También se permiten direcciones que no son públicas.',
  'What a flow may ask of a caller at most: `npm run flow check` tells what is beyond.':
    'Lo que un flujo puede pedir como mucho a quien llama; se avisa de lo que se pasa.',
  'So many keys may be needed at most to get to a person.':
    'Cuántas teclas puede hacer falta pulsar como mucho para llegar a una persona.',
  'So long may the quickest way to a person take, with every text heard to its end.':
    'Cuánto puede durar el camino más corto hasta una persona, oyendo cada texto hasta el final.',
  'So many menus may follow each other.': 'Cuántos menús pueden ir uno tras otro.',
  'So many digits may be offered in one menu; `*` and `#` do not count.':
    'Cuántas cifras se pueden ofrecer en un menú; * y # no cuentan.',
  'What a flow beyond them is: `error` keeps it from coming into force.': 'Lo que pasa con un flujo que se pasa.',
  'Where a call is taken out of a flow that does not let it go.':
    'Cuándo se saca una llamada de un flujo que no la suelta.',
  'Steps of one call, menus that ask again included.': 'Pasos de una llamada, con los menús que se repiten.',
  'Steps since the caller last pressed a key.': 'Pasos desde que se pulsó la última tecla.',
  'How often one call may come to the same step.': 'Cuántas veces puede pasar una llamada por el mismo paso.',
  'Time of a call in flows, without waiting in a queue, talking, and leaving a message.':
    'Tiempo de una llamada en los flujos, sin contar esperas en cola, conversaciones ni buzón.',
  'Queue for a call beyond a limit whose flow has no `fallback`; left out: the call ends.':
    'Cola para la llamada que pasa un límite y cuyo flujo no dice adónde; si no se pone, la llamada acaba.',
  'Whoever sits at this machine may try the centre out as customer and agent, without an account.':
    'Quien está ante esta máquina puede probar el centro como cliente y agente, sin cuenta.',
  'What the visitor calls.': 'El número al que llama el visitante.',
  'Who answers; the visitor plays this part too.': 'Quién contesta; el visitante hace también este papel.',
  'As if the call came in here.': 'Como si la llamada entrase por aquí.',
  'Prefix of the visitors’ numbers; 4 digits follow. Over a trunk they are never dialled.':
    'Prefijo de los números de los visitantes; siguen 4 cifras. Nunca se marcan por un enlace.',
  'What Hilo itself says and writes, per language.': 'Lo que Hilo dice y escribe, por idioma.',
  'Who answers what customers write; left out: it is only recorded.':
    'Quién contesta lo que escriben los clientes; si no se dice, solo queda anotado.',
  'Where what customers write waits for an agent.': 'Dónde espera a un agente lo que escriben los clientes.',
  'Another queue for what comes by that channel.': 'Otra cola para lo que llega por ese canal.',
  'Texts that agents send often, by name.': 'Textos que los agentes envían a menudo, por nombre.',
  'Filled in: {{ agent }}, {{ customer }}, {{ reference }}, {{ queue }}. The agent may change it before it goes.':
    'Se rellenan {{ agent }}, {{ customer }}, {{ reference }} y {{ queue }}. El agente puede cambiarlo antes de enviarlo.',
  'Only in these queues; left out: in all.': 'Solo en estas colas; si no se dice, en todas.',
  'Texts approved by the provider: they go also when the customer has not written for 24 hours.':
    'Textos aprobados por el proveedor: se pueden enviar aunque el cliente no haya escrito en 24 horas.',
  'As the provider has approved it, with the parameters in their places.':
    'Como lo aprobó el proveedor, con los parámetros en su sitio.',
  'Its name at the provider; left out: its name here, with _ for -.':
    'Su nombre en el proveedor; si no se dice, el de aquí, con _ en lugar de -.',
  'In the order of the provider. agent, customer, reference, queue: filled in by Hilo; all others: by the agent.':
    'En el orden del proveedor. agent, customer, reference y queue los rellena Hilo; los demás, el agente.',
  'What the agent reads beside the field of a parameter, per language; left out: its name.':
    'Lo que lee el agente junto al campo de un parámetro, por idioma; si no se dice, su nombre.',
  'Breaks that agents may take, by name.': 'Pausas que los agentes pueden tomar, por nombre.',
  'What it is called, per language.': 'Cómo se llama, por idioma.',
  'It counts as working time.': 'Cuenta como tiempo de trabajo.',
  'How long an agent rests who did not take an offer, by reason.':
    'Cuánto descansa el agente que no cogió una oferta, según el motivo.',
  'The rest of an agent who rejected a call; a list: after the 1st, 2nd … time in a row.':
    'El descanso de quien rechazó una llamada; varios: tras la 1.ª, 2.ª… vez seguida.',
  'Whose telephone was busy.': 'Si su teléfono comunicaba.',
  'Who did not answer.': 'Si no contestó.',
  'Whose telephone could not be reached.': 'Si no se pudo llegar a su teléfono.',
  'Who had no device.': 'Si no tenía dispositivo.',
  'So many offers in a row without an answer and the agent is on a break; 0: never.':
    'Tras tantas ofertas seguidas sin respuesta el agente queda en pausa; 0: nunca.',
};
